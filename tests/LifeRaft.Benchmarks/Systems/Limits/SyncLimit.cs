namespace LifeRaft.Benchmarks;

/// <summary>One thread that appends 4 KiB to a file that has its length already, and syncs it, again and again: what the disk allows a log that does not batch.</summary>
internal sealed class SyncLimit : ISystem
{
    private const int BlockBytes = 4096;
    private const long FileBytes = 64 * 1024 * 1024;

    private readonly string _directory = Directory.CreateTempSubdirectory("liferaft-sync-").FullName;
    private readonly FileStream _file;
    private readonly byte[] _block = new byte[BlockBytes];
    private long _offset;

    public SyncLimit()
    {
        _file = new FileStream(Path.Combine(_directory, "file"), FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
        for (long written = 0; written < FileBytes; written += BlockBytes)
        {
            _file.Write(_block);
        }

        _file.Flush(flushToDisk: true);
        Workloads = [Workload.OfRequests(Workload.Sync, BlockBytes, _ => Sync())];
    }

    public string Name => "disk";

    public IReadOnlyList<Workload> Workloads { get; }

    public Task<Usage> Used() => Task.FromResult(Usage.OfThisProcess());

    public async ValueTask DisposeAsync()
    {
        await _file.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    private Task Sync()
    {
        RandomAccess.Write(_file.SafeFileHandle, _block, _offset);
        RandomAccess.FlushToDisk(_file.SafeFileHandle);
        _offset = (_offset + BlockBytes) % FileBytes;
        return Task.CompletedTask;
    }
}
