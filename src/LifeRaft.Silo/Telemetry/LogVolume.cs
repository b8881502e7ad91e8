using System.Diagnostics.Metrics;

namespace LifeRaft.Silo;

/// <summary>
/// Measures the room where the log is: a silo whose disk is full stops its log, so somebody should know before. The meter is
/// <c>LifeRaft.Silo</c>; the instruments are <c>liferaft.log.volume.free</c> and <c>liferaft.log.volume.size</c>, in bytes.
/// </summary>
internal sealed class LogVolume : IHostedService
{
    public const string MeterName = "LifeRaft.Silo";
    private readonly string _directory;

    public LogVolume(IMeterFactory meters, LogSettings log)
    {
        _directory = Path.GetFullPath(log.Directory);
        var meter = meters.Create(MeterName);
        meter.CreateObservableUpDownCounter("liferaft.log.volume.free", () => Measure(volume => volume.AvailableFreeSpace), "By", "Room that is left for the silo's user on the volume of its log.");
        meter.CreateObservableUpDownCounter("liferaft.log.volume.size", () => Measure(volume => volume.TotalSize), "By", "The size of the volume of the silo's log.");
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>None where the volume does not answer: a wrong figure would be worse.</summary>
    private IEnumerable<Measurement<long>> Measure(Func<DriveInfo, long> figure)
    {
        try
        {
            return [new(figure(new DriveInfo(_directory)))];
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return [];
        }
    }
}
