using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace LifeRaft.Hosting.Tests.Storage;

public sealed class WriteAheadLogStoreTests : LogStoreContract
{
    private readonly List<TemporaryDirectory> _directories = [new()];

    protected override LogStoreCapabilities Promised => LogStoreCapabilities.SurvivesProcess | LogStoreCapabilities.SurvivesPowerCut;

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _directories.ForEach(directory => directory.Dispose());
    }

    protected override IRaftLogStore Create() => At(_directories[0].Path);

    protected override IRaftLogStore CreateAfterCrash() => At(Added(_directories[0].Copy(file => Path.GetFileName(file) != "lock")));

    protected override IRaftLogStore CreateElsewhere() => At(Added(new TemporaryDirectory()));

    /// <summary>Small segments: every test goes through beginnings and ends of them.</summary>
    internal static WriteAheadLogStore At(string directory, WriteAheadDevice? device = null, long segmentBytes = 64 * 1024) => new(
        new WriteAheadLogOptions { Directory = directory, SegmentBytes = segmentBytes }, NullLogger<WriteAheadLogStore>.Instance, device ?? new WriteAheadDevice());

    private string Added(TemporaryDirectory directory)
    {
        _directories.Add(directory);
        return directory.Path;
    }
}
