using LifeRaft.Protocol;
using Xunit;
using static LifeRaft.Hosting.Tests.Storage.StoreTesting;

namespace LifeRaft.Hosting.Tests.Storage;

/// <summary>
/// Power is lost at any step: in a commit, while a segment begins, while one is copied or goes. What was acknowledged is there afterwards,
/// and what is there was written.
/// </summary>
public sealed class WriteAheadPowerCutTests
{
    private static readonly string[] _names = ["g/1", "g/2", "g/3", "g/idle"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task What_was_acknowledged_survives_power_cuts_at_any_step(int seed)
    {
        var random = new Random(seed);
        using var directory = new TemporaryDirectory();
        var models = _names.ToDictionary(name => name, _ => new Model());
        var (cuts, reused) = (0, 0);
        for (var start = 1; start <= 60; start++)
        {
            var device = new PowerCutDevice(random.Next());
            var store = WriteAheadLogStoreTests.At(directory.Path, device);
            device.StepsLeft = random.Next(2, 160);
            try
            {
                await store.Open(TestContext.Current.CancellationToken);
                await Check(store, models);
                while (true)
                {
                    await Write(store, models, random);
                }
            }
            catch (Exception failure) when (device.IsCut && failure is IOException or LogStoreStoppedException)
            {
                cuts++;
            }
            finally
            {
                await store.DisposeAsync();
                reused += device.Reused;
            }
        }

        Assert.Equal(60, cuts);
        Assert.True(reused > 10, $"{reused} segments were begun in a file that was one before.");
        await using var last = WriteAheadLogStoreTests.At(directory.Path);
        await last.Open(TestContext.Current.CancellationToken);
        await Check(last, models);
        Assert.True(models.Values.Sum(model => model.Acknowledged) > 1000, $"{models.Values.Sum(model => model.Acknowledged)} writes were acknowledged.");
    }

    private static async Task Check(WriteAheadLogStore store, Dictionary<string, Model> models)
    {
        foreach (var (name, model) in models)
        {
            var log = await store.Claim(name);
            var entries = log.Restored.Last > log.Restored.Base.Index ? await log.ReadAll(log.Restored.Base.Index.Value + 1, log.Restored.Last.Value) : [];
            model.Settle(name, log.Restored, entries);
            model.Log = log;
        }
    }

    /// <summary>Some writes of all nodes at once, so that they share commits.</summary>
    private static async Task Write(WriteAheadLogStore store, Dictionary<string, Model> models, Random random)
    {
        var writes = new List<Task>();
        foreach (var (name, model) in models)
        {
            // The idle one writes once, and its entries stay where others come and go.
            if (name != "g/idle" || (model.Last == 0 && random.Next(3) == 0))
            {
                writes.AddRange(Enumerable.Range(0, random.Next(0, 4)).Select(_ => model.Write(random)));
            }
        }

        await Task.WhenAll(writes);
    }

    /// <summary>What one node has handed over: what is acknowledged, and what may be there or not.</summary>
    private sealed class Model
    {
        private readonly List<State> _possible = [State.Blank];

        public INodeLog Log { get; set; } = null!;

        public int Acknowledged { get; private set; }

        public long Last => _possible[^1].Entries.Count + _possible[^1].Base.Index.Value;

        /// <summary>What is found must be one of the possible states, and is the only one from now on.</summary>
        public void Settle(string name, RestoredNode restored, IReadOnlyList<LogEntry> entries)
        {
            var found = _possible.LastOrDefault(state => state.Is(restored, entries));
            Assert.True(found is not null, $"{name}: term {restored.HardState.Term}, {restored.Base} to {restored.Last}, snapshot {restored.Snapshot} is none of\n{string.Join("\n", _possible)}");
            _possible.RemoveAll(state => state != found);
        }

        public async Task Write(Random random)
        {
            LogWrite write;
            State after;
            lock (_possible)
            {
                write = Change(_possible[^1], random);
                _possible.Add(after = _possible[^1].After(write));
            }

            await Log.Durable(write);
            lock (_possible)
            {
                Acknowledged++;
                _possible.RemoveRange(0, Math.Max(0, _possible.FindIndex(state => ReferenceEquals(state, after)))); // A later one may have been told first.
            }
        }

        private static LogWrite Change(State state, Random random)
        {
            var last = state.Base.Index.Value + state.Entries.Count;
            var term = state.HardState.Term.Value + random.Next(2);
            var hard = new HardState(new Term(Math.Max(1, term)), MemberId.None);
            if (random.Next(6) == 0 && state.Entries.Count > 4)
            {
                // A snapshot of all but the last, and the log behind it goes but for one entry.
                var covered = state.Entries[^2];
                var start = state.Entries[^3];
                var header = new SnapshotHeader(new LogPosition(covered.Index, covered.Term), new LogIndex(1), GroupConfiguration.None, 0, 0);
                return new LogWrite(null, hard, []) { Snapshot = new SnapshotWrite(header, new LogPosition(start.Index, start.Term), ReplacesLog: false) };
            }

            var floor = Math.Max(state.Base.Index.Value, state.Snapshot?.Index.Value ?? 0);
            var first = random.Next(4) == 0 && last > floor ? random.NextInt64(floor + 1, last + 1) : last + 1;
            return new LogWrite(null, hard, [.. Range(first, first + random.Next(0, 3)).Select(index => Entry(index, hard.Term.Value, payloadBytes: random.Next(0, 3000)))]);
        }
    }

    private sealed record State(HardState HardState, LogPosition Base, SnapshotHeader? Snapshot, IReadOnlyList<LogEntry> Entries)
    {
        public static State Blank { get; } = new(default, LogPosition.Zero, null, []);

        public State After(LogWrite write)
        {
            var start = write.Snapshot?.Base ?? Base;
            var entries = Entries.Where(entry => entry.Index > start.Index && (write.Entries.Count == 0 || entry.Index < write.Entries[0].Index)).Concat(write.Entries);
            return new State(write.HardState ?? HardState, start, write.Snapshot?.Header ?? Snapshot, [.. entries]);
        }

        public bool Is(RestoredNode restored, IReadOnlyList<LogEntry> entries) =>
            restored.HardState == HardState && restored.Base == Base && restored.Snapshot?.Position == Snapshot?.Position
            && restored.Last.Value == Base.Index.Value + Entries.Count
            && entries.Select(entry => Convert.ToHexString(entry.Encoded.Span)).SequenceEqual(Entries.Select(entry => Convert.ToHexString(entry.Encoded.Span)))
            && restored.TermStarts.SequenceEqual(Starts());

        public override string ToString() => $"term {HardState.Term}, {Base} to {Base.Index.Value + Entries.Count}, snapshot {Snapshot}";

        private IEnumerable<TermStart> Starts()
        {
            var term = Base.Term;
            foreach (var entry in Entries)
            {
                if (entry.Term != term)
                {
                    term = entry.Term;
                    yield return new TermStart(entry.Index, entry.Term);
                }
            }
        }
    }
}
