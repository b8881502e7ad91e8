using CsCheck;
using Xunit;

namespace LifeRaft.Tests.KeyValue;

/// <summary>Random commands against a model that is too simple to be wrong.</summary>
public sealed class KeyValueModelTests
{
    // Small, so that a few dozen commands go beyond; yet no single command does.
    private static readonly KeyValueHistoryBounds _bounds = new(20, 20 * 67);

    [Fact]
    public async Task The_store_answers_like_the_model_across_snapshots() =>
        await KeyValueScripts.Steps.SampleAsync(async steps =>
        {
            var run = new Run();
            foreach (var step in steps)
            {
                await run.Take(step);
            }

            await run.CheckAll();
        });

    [Fact]
    public async Task The_scripts_reach_what_they_are_for()
    {
        var (compacted, ended, refused) = (0, 0, 0);
        await KeyValueScripts.Steps.SampleAsync(
            async steps =>
            {
                var run = new Run();
                foreach (var step in steps)
                {
                    await run.Take(step);
                }

                Interlocked.Add(ref compacted, run.Compacted);
                Interlocked.Add(ref ended, run.EndedByTime);
                Interlocked.Add(ref refused, run.RefusedByLease);
            },
            seed: "0N0XIzNsQ0O2",
            iter: 500);
        Assert.True(compacted > 20 && ended > 20 && refused > 20, $"watches compacted: {compacted}, leases ended by time: {ended}, commands refused by lease: {refused}");
    }

    /// <summary>One machine, or one after the other, beside the model.</summary>
    private sealed class Run
    {
        private readonly LocalMachine _group = new(new KeyValueMachine(_bounds));
        private readonly KeyValueStore _store;
        private readonly KeyValueModel _model = new(_bounds);
        private readonly List<(Action<Stream> Capture, IReadOnlyList<KeyValueEntry> Entries, List<KeyValueChange> Changes)> _captures = [];
        private readonly List<KeyValueChange> _seen = [];
        private long _seenUpTo = 1;

        public Run() => _store = new KeyValueStore(_group);

        public int Compacted { get; private set; }

        public int EndedByTime { get; private set; }

        public int RefusedByLease { get; private set; }

        public async Task Take(Step step)
        {
            var current = _model.Get(step.Key);
            switch (step.Verb)
            {
                case Verb.Get:
                    Assert.Equal(current, await _store.Get(step.Key));
                    break;
                case Verb.List:
                    Assert.Equal(_model.Entries.Where(entry => step.IsInRange(entry.Key)), await All(_store, step.Range));
                    break;
                case Verb.Watch:
                    CheckWatch(step);
                    break;
                case Verb.MoveToAnotherMachine:
                    _group.Machine = Restored(_group.Machine.CaptureSnapshot());
                    break;
                case Verb.Capture:
                    _captures.Add((_group.Machine.CaptureSnapshot(), _model.Entries, Remembered()));
                    break;
                case Verb.Pass:
                    CheckPass(step.Time);
                    break;
                case Verb.PassUnnoticed:
                    _group.PassUnnoticed(step.Time);
                    break;
                default:
                    var before = _model.Changes.Count;
                    _model.Begin(_group.Index + 1, _group.Clock);
                    EndedByTime += _model.Changes.Count - before;
                    await CheckCommand(step);
                    break;
            }

            WatchOn();
        }

        public async Task CheckAll()
        {
            Assert.Equal(_group.Commands, await _store.CountApplied());
            Assert.Equal(_model.Revision, await _store.Revision());
            Assert.Equal(_model.Entries, await All(_store, KeyValueRange.All));
            Assert.Equal(_model.Changes.Where(change => change.Entry.Key.StartsWith('a')), _seen);
            foreach (var (capture, entries, changes) in _captures)
            {
                var restored = Restored(capture);
                Assert.Equal(entries, await All(new KeyValueStore(new LocalMachine(restored)), KeyValueRange.All));
                Assert.Equal(changes, Watched(restored, KeyValueRange.All, changes.Count > 0 ? changes[0].Revision : 1));
            }
        }

        private async Task CheckCommand(Step step)
        {
            var current = _model.Get(step.Key);
            switch (step.Verb)
            {
                case Verb.Put:
                    Assert.Equal(_model.Put(step.Key, step.Value).Version, await _store.Put(step.Key, step.Value));
                    break;
                case Verb.PutWithLease:
                    var command = new KeyValueCommand(KeyValueCommandKind.PutWithLease, step.Key, step.Lease, step.Value);
                    var result = KeyValueResult.Decode(await _group.Command(command.Encode()));
                    Assert.Equal(_model.HasLease(step.Lease) ? KeyValueOutcome.Yes : KeyValueOutcome.LeaseEnded, result.Outcome);
                    Assert.Equal(result.Succeeded ? _model.Put(step.Key, step.Value, step.Lease) : null, result.Succeeded ? result.EntryOf(step.Key, step.Value) : null);
                    break;
                case Verb.Delete:
                    Assert.Equal(_model.Delete(step.Key), await _store.Delete(step.Key));
                    break;
                case Verb.CompareAndSwap when step.Number == (current?.Version ?? 0):
                    Assert.Equal((true, _model.Put(step.Key, step.Value)), await _store.CompareAndSwap(step.Key, step.Number, step.Value));
                    break;
                case Verb.CompareAndSwap:
                    Assert.Equal((false, current), await _store.CompareAndSwap(step.Key, step.Number, step.Value));
                    break;
                case Verb.Transact:
                    await CheckTransaction(step);
                    break;
                default:
                    await CheckLease(step);
                    break;
            }
        }

        private async Task CheckLease(Step step)
        {
            var (kind, expected) = step.Verb switch
            {
                Verb.GrantLease => (KeyValueCommandKind.GrantLease, true),
                Verb.KeepLease => (KeyValueCommandKind.KeepLease, _model.KeepLease(step.Lease)),
                _ => (KeyValueCommandKind.EndLease, _model.EndLease(step.Lease)),
            };
            if (step.Verb == Verb.GrantLease)
            {
                _model.GrantLease(step.Lease, step.Time);
            }

            var result = KeyValueResult.Decode(await _group.Command(new KeyValueLeaseCommand(kind, step.Lease, step.Time).Encode()));
            Assert.Equal(expected ? KeyValueOutcome.Yes : KeyValueOutcome.LeaseEnded, result.Outcome);
        }

        private async Task CheckTransaction(Step step)
        {
            var succeeds = step.When.All(demand => demand.Holds(_model.Get(demand.Key)));
            var branch = succeeds ? step.Then : step.Otherwise;
            Task<KeyValueTransactionResult> Transact() => _store.Transact(
                [.. step.When.Select(demand => demand.Condition)], [.. step.Then.Select(write => write.Operation)], [.. step.Otherwise.Select(write => write.Operation)]);
            if (branch.FirstOrDefault(write => write.Verb == WriteVerb.PutWithLease && !_model.HasLease(write.Lease)) is { } late)
            {
                Assert.Equal(late.Lease, (await Assert.ThrowsAsync<KeyValueLeaseEndedException>(Transact)).Lease);
                RefusedByLease++;
                return;
            }

            var expected = branch.Select(_model.Carry).ToList();
            var result = await Transact();
            Assert.Equal(succeeds, result.Succeeded);
            Assert.Equal(_model.Revision, result.Revision);
            Assert.Equal(expected, result.Results);
        }

        private void CheckPass(TimeSpan time)
        {
            var before = _model.Changes.Count;
            Assert.Equal(_model.NextEnd, ((ITimedStateMachine)_group.Machine).Deadline);
            if (_model.NextEnd <= _group.Clock + time)
            {
                _model.Begin(_group.Index + 1, _group.Clock + time);
            }

            _group.Pass(time);
            EndedByTime += _model.Changes.Count - before;
            Assert.Equal(_model.NextEnd, ((ITimedStateMachine)_group.Machine).Deadline);
        }

        /// <summary>From any revision one sees all that has happened since, or is told that it is no longer known.</summary>
        private void CheckWatch(Step step)
        {
            var machine = (KeyValueMachine)_group.Machine;
            for (var from = 1L; from <= _model.Revision + 1; from += step.Lease)
            {
                if (from < _model.OldestRevision)
                {
                    var answer = Answer(machine, step.Range, from)!.Value;
                    Assert.Equal((true, _model.OldestRevision), (answer.IsCompacted, answer.Revision));
                    Compacted++;
                }
                else
                {
                    Assert.Equal(_model.Changes.Where(change => change.Revision >= from && step.IsInRange(change.Entry.Key)), Watched(machine, step.Range, from));
                }
            }
        }

        /// <summary>Who looks after each command never hears that something is compacted, also if its keys are seldom changed.</summary>
        private void WatchOn()
        {
            while (Answer((KeyValueMachine)_group.Machine, KeyValueRange.Prefix("a"), _seenUpTo) is { } answer)
            {
                Assert.False(answer.IsCompacted);
                Assert.True(answer.Revision > _seenUpTo);
                _seen.AddRange(answer.Changes);
                _seenUpTo = answer.Revision;
            }
        }

        private List<KeyValueChange> Remembered() => [.. _model.Changes.Where(change => change.Revision >= _model.OldestRevision)];

        private static KeyValueEvents? Answer(KeyValueMachine machine, KeyValueRange range, long from) =>
            machine.TryAnswer(KeyValueQuery.Watch(range, from).Encode(), out var bytes) ? KeyValueEvents.Decode(bytes) : null;

        private static List<KeyValueChange> Watched(KeyValueMachine machine, KeyValueRange range, long from)
        {
            var changes = new List<KeyValueChange>();
            while (Answer(machine, range, from) is { } answer)
            {
                Assert.False(answer.IsCompacted);
                changes.AddRange(answer.Changes);
                from = answer.Revision;
            }

            return changes;
        }
    }

    private static async Task<List<KeyValueEntry>> All(KeyValueStore store, KeyValueRange range)
    {
        var entries = new List<KeyValueEntry>();
        await foreach (var entry in store.List(range))
        {
            entries.Add(entry);
        }

        return entries;
    }

    private static KeyValueMachine Restored(Action<Stream> capture)
    {
        using var bytes = new MemoryStream();
        capture(bytes);
        bytes.Position = 0;
        var copy = new KeyValueMachine(_bounds);
        copy.ReadSnapshot(bytes);
        return copy;
    }
}
