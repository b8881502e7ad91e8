using BenchmarkDotNet.Attributes;
using LifeRaft.Hosting;
using LifeRaft.Protocol;
using LifeRaft.Storage.RocksDb;
using Microsoft.Extensions.Logging.Abstractions;

namespace LifeRaft.Benchmarks;

/// <summary>
/// One write of entries of 256 bytes to a log on disk, until it is synced. Each write replaces the one before, so that neither store has
/// ever more to look after; for the disk it is the same. Per write.
/// </summary>
[MemoryDiagnoser]
public class LogStoreBenchmarks : ILogWriteCompletion
{
    private string _directory = "";
    private IRaftLogStore _store = null!;
    private INodeLog _log = null!;
    private LogWrite _write = null!;
    private TaskCompletionSource _synced = new();

    /// <summary>Which store.</summary>
    [Params("wal", "rocksdb")]
    public string Log { get; set; } = "";

    /// <summary>How many entries a write has.</summary>
    [Params(1, 64)]
    public int Entries { get; set; }

    /// <summary>Opens the store.</summary>
    [GlobalSetup]
    public async Task Open()
    {
        _directory = Directory.CreateTempSubdirectory("liferaft-micro-").FullName;
        var files = Path.Combine(_directory, "log");
        _store = Log == "wal"
            ? new WriteAheadLogStore(new WriteAheadLogOptions { Directory = files }, NullLogger<WriteAheadLogStore>.Instance)
            : new RocksDbLogStore(new RocksDbLogStoreOptions { Directory = files }, NullLogger<RocksDbLogStore>.Instance);
        await _store.Open(CancellationToken.None);
        _log = await _store.Claim("node", CancellationToken.None);
        _write = new LogWrite(new NodeIdentity(new GroupId(Guid.NewGuid()), new MemberId(Guid.NewGuid())), new HardState(new Term(1), MemberId.None), MicroEntries.From(1, Entries));
        await Write();
        _write = _write with { Identity = null, HardState = null };
    }

    /// <summary>Closes it and deletes its files.</summary>
    [GlobalCleanup]
    public async Task Close()
    {
        await _store.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    /// <summary>Writes and waits for the sync.</summary>
    [Benchmark]
    public Task Write()
    {
        _synced = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _log.Write(_write, this);
        return _synced.Task;
    }

    /// <inheritdoc/>
    public void Completed(LogWrite write, LogStoreException? failure)
    {
        if (failure is null)
        {
            _synced.SetResult();
        }
        else
        {
            _synced.SetException(failure);
        }
    }
}
