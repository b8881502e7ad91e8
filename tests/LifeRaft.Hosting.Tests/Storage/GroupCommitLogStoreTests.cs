using LifeRaft.Protocol;
using Xunit;
using static LifeRaft.Hosting.Tests.Storage.StoreTesting;

namespace LifeRaft.Hosting.Tests.Storage;

/// <summary>The queue and its writer, over a device that waits for the test.</summary>
public sealed class GroupCommitLogStoreTests : IAsyncLifetime
{
    private readonly GatedStore _store = new();

    public async ValueTask InitializeAsync() => await _store.Open(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        _store.OpenGate();
        await _store.DisposeAsync();
    }

    [Fact]
    public async Task What_arrives_during_a_commit_is_the_next_batch_for_all_nodes()
    {
        var logs = await Task.WhenAll(Range(1, 5).Select(node => _store.Claim($"g/{node}")));
        var first = logs[0].Durable(Entries(1, 1));
        await _store.CommitBegins();
        var rest = logs.SelectMany(log => Range(2, 4).Select(index => log.Durable(new LogWrite(null, new HardState(new Term(index), default), []))));
        var waiting = rest.ToArray();

        _store.OpenGate();
        await Task.WhenAll([first, .. waiting]);

        Assert.Equal([1, 15], _store.BatchSizes);
    }

    [Fact]
    public async Task A_batch_holds_no_more_than_its_bytes()
    {
        var log = await _store.Claim("g/1");
        var first = log.Durable(Entries(1, 1));
        await _store.CommitBegins();
        const int Bytes = 6 * 1024 * 1024;
        var writes = Range(2, 8).Select(index => log.Durable(Only(Entry(index, payloadBytes: index == 8 ? 5 * Bytes : Bytes)))).ToArray();

        _store.OpenGate();
        await Task.WhenAll([first, .. writes]);

        Assert.Equal([1, 2, 2, 2, 1], _store.BatchSizes);
    }

    [Fact]
    public async Task No_completion_comes_before_the_commit_returns()
    {
        var log = await _store.Claim("g/1");
        var write = log.Durable(Entries(1, 1));

        await _store.CommitBegins();
        Assert.False(write.IsCompleted);

        _store.OpenGate();
        await write;
    }

    [Fact]
    public async Task A_claim_waits_for_the_write_in_flight_and_cuts_off_what_is_queued_behind_it()
    {
        var old = await _store.Claim("g/1");
        var other = await _store.Claim("g/2");
        var inFlight = old.Durable(Entries(1, 1));
        await _store.CommitBegins();
        var queued = old.Durable(Entries(2, 2));
        var ofOther = other.Durable(Entries(1, 1));

        var claim = _store.Claim("g/1", CancellationToken.None);
        Assert.False(claim.IsCompleted);
        _store.OpenGate();

        await inFlight;
        Assert.True((await claim.Within()).Epoch > old.Epoch);
        await Assert.ThrowsAsync<ClaimLostException>(() => queued);
        await ofOther;
        Assert.Equal([1, 1], _store.BatchSizes);
    }

    [Fact]
    public async Task Giving_up_on_a_claim_leaves_the_store_at_work()
    {
        var old = await _store.Claim("g/1");
        var write = old.Durable(Entries(1, 1));
        await _store.CommitBegins();
        using var cancellation = new CancellationTokenSource();

        var claim = _store.Claim("g/1", cancellation.Token);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => claim.Within());

        _store.OpenGate();
        await write;
        await (await _store.Claim("g/1")).Durable(Entries(1, 1));
    }

    [Fact]
    public async Task S59_The_first_commit_that_fails_stops_the_store_and_nothing_is_retried()
    {
        var log = await _store.Claim("g/1");
        var failing = log.Durable(Entries(1, 1));
        await _store.CommitBegins();
        var queued = log.Durable(Entries(2, 2));
        var claim = _store.Claim("g/2", CancellationToken.None);

        _store.FailFromNowOn(new IOException("Input/output error"));
        _store.OpenGate();

        Assert.Contains("Input/output error", (await Assert.ThrowsAsync<LogStoreStoppedException>(() => failing)).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<LogStoreStoppedException>(() => queued);
        await Assert.ThrowsAsync<LogStoreStoppedException>(() => claim.Within());
        Assert.Contains("restart the silo", (await _store.Stopped.Within()).Message, StringComparison.Ordinal);
        Assert.Throws<LogStoreStoppedException>(() => log.Write(Entries(3, 3), new Completion()));
        await Assert.ThrowsAsync<LogStoreStoppedException>(() => log.ReadAll(1, 1));
        await Assert.ThrowsAsync<LogStoreStoppedException>(() => _store.MarkDeleted(new GroupId(Guid.NewGuid()), CancellationToken.None));
        Assert.Equal(1, _store.Commits);
        Assert.Empty(_store.ListNodes());
    }

    [Fact]
    public async Task A_completion_that_throws_stops_the_store()
    {
        _store.OpenGate();
        var log = await _store.Claim("g/1");

        log.Write(Entries(1, 1), new Completion(() => throw new InvalidOperationException("a bug")));

        Assert.Contains("a bug", (await _store.Stopped.Within()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Closing_commits_what_is_waiting()
    {
        var log = await _store.Claim("g/1");
        var first = log.Durable(Entries(1, 1));
        await _store.CommitBegins();
        var second = log.Durable(Entries(2, 2));

        var closing = _store.DisposeAsync();
        _store.OpenGate();
        await closing;

        await first;
        await second;
        Assert.False(_store.Stopped.IsCompleted);
    }

    /// <summary>A store whose commits wait until the test lets them go on.</summary>
    internal sealed class GatedStore : GroupCommitLogStore
    {
        private readonly ManualResetEventSlim _gate = new();
        private readonly SemaphoreSlim _begun = new(0);
        private Exception? _failure;
        private int _staged;

        internal List<int> BatchSizes { get; } = [];

        internal int Commits { get; private set; }

        public override string Description => "the gated store";

        public override LogStoreCapabilities Capabilities => LogStoreCapabilities.None;

        internal void OpenGate() => _gate.Set();

        internal Task CommitBegins() => _begun.WaitAsync().Within();

        internal void FailFromNowOn(Exception failure) => _failure = failure;

        protected override OpenedLogStore OpenFiles() => new(1, [], []);

        protected override ValueTask CloseFiles()
        {
            _gate.Dispose();
            _begun.Dispose();
            return ValueTask.CompletedTask;
        }

        protected override QueuedNodeLog Restore(NodeClaim claim) => new BlankLog(this, claim);

        protected internal override void Stage(QueuedNodeLog log, LogWrite write) => _staged++;

        protected internal override void StageDeletion(QueuedNodeLog log) => _staged++;

        protected internal override void StageTombstone(GroupId group) => _staged++;

        protected override void Commit()
        {
            Commits++;
            _begun.Release();
            _gate.Wait();
            if (_failure is not null)
            {
                throw _failure;
            }

            BatchSizes.Add(_staged);
            _staged = 0;
        }

        private sealed class BlankLog(GroupCommitLogStore store, NodeClaim claim) : QueuedNodeLog(store, claim, RestoredNode.Blank)
        {
            protected override Task<IReadOnlyList<LogEntry>> ReadStored(
                LogIndex first, LogIndex last, long maxBytes, CancellationToken cancellationToken) => throw new NotSupportedException();

            protected override SnapshotContent WriteContent(LogPosition position, Action<Stream> write) => throw new NotSupportedException();

            protected override void WritePart(SnapshotHeader snapshot, long offset, ReadOnlyMemory<byte> part) => throw new NotSupportedException();

            protected override void ReadContent(SnapshotHeader snapshot, Action<Stream> read) => throw new NotSupportedException();

            protected override ReadOnlyMemory<byte> ReadPart(SnapshotHeader snapshot, long offset, int maxBytes) => throw new NotSupportedException();
        }
    }
}
