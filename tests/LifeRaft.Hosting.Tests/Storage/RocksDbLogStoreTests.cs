using LifeRaft.Storage.RocksDb;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace LifeRaft.Hosting.Tests.Storage;

public sealed class RocksDbLogStoreTests : LogStoreContract
{
    private readonly List<TemporaryDirectory> _directories = [new()];

    protected override LogStoreCapabilities Promised => LogStoreCapabilities.SurvivesProcess | LogStoreCapabilities.SurvivesPowerCut;

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _directories.ForEach(directory => directory.Dispose());
    }

    protected override IRaftLogStore Create() => At(_directories[0].Path, new StillDevice());

    protected override IRaftLogStore CreateAfterCrash() => At(Added(_directories[0].Copy()), new StillDevice());

    protected override IRaftLogStore CreateElsewhere() => At(Added(new TemporaryDirectory()));

    internal static RocksDbLogStore At(string directory, RocksDbDevice? device = null) => new(
        new RocksDbLogStoreOptions { Directory = directory }, NullLogger<RocksDbLogStore>.Instance, device ?? new RocksDbDevice());

    /// <summary>Compacts nothing: a copy of files that come and go meanwhile would be of no moment at all.</summary>
    private sealed class StillDevice : RocksDbDevice
    {
        internal override void Compact(RocksDbSharp.RocksDb database, byte[] from, byte[] to)
        {
        }
    }

    private string Added(TemporaryDirectory directory)
    {
        _directories.Add(directory);
        return directory.Path;
    }
}
