using CsCheck;
using LifeRaft.Protocol;
using Xunit;

namespace LifeRaft.Tests.Locks;

/// <summary>Random commands at random times against <see cref="PlainLocks"/>, and what must hold after each of them.</summary>
public sealed class LockModelTests
{
    private static readonly Guid[] SomeIds = [.. Enumerable.Range(1, 9).Select(number => new Guid(number, 0, 0, new byte[8]))];
    private static readonly string[] SomeNames = ["a", "ab", "b"];

    private static readonly Gen<Guid> Id = Gen.Int[0, SomeIds.Length - 1].Select(at => SomeIds[at]);

    private static readonly Gen<LockCommand?> Command = Gen.Frequency(
        (6, Gen.Select(Id, Gen.Int[0, SomeNames.Length - 1].Select(at => SomeNames[at]), Gen.Int[0, Kinds().Length - 1].Select(at => Kinds()[at]), Gen.Int[1, 9], Gen.Bool, LockCommand? (id, name, kind, seconds, mayWait) =>
            new AcquireLock(id, name, kind.Mode, kind.Limit, TimeSpan.FromSeconds(seconds), default, mayWait))),
        (3, Gen.Select(Id, Gen.Bool, LockCommand? (id, isRemembered) => new ReleaseLock(id, isRemembered))),
        (2, Gen.Select(Id, Gen.Bool, LockCommand? (id, mayWait) => new UpgradeLock(id, mayWait))),
        (1, Id.Select(LockCommand? (id) => new AbandonUpgrade(id))),
        (2, Id.Array[0, 4].Select(LockCommand? (ids) => new KeepLocks(ids))),
        (1, Gen.Const((LockCommand?)null)));

    // Moments on a grid of half seconds, so that many things are due at the same one; sometimes later than the withdrawn are remembered.
    private static readonly Gen<TimeSpan> Pause = Gen.Frequency(
        (6, Gen.Const(TimeSpan.Zero)), (6, Gen.Int[0, 6].Select(halves => TimeSpan.FromSeconds(halves / 2.0))), (1, Gen.Int[50, 65].Select(seconds => TimeSpan.FromSeconds(seconds))));

    private static readonly Gen<(LockCommand? Command, TimeSpan Pause)[]> Steps = Gen.Select(Command, Pause).Array[0, 80];

    [Fact]
    public void Locks_follow_the_plain_rules_at_every_step() => Steps.Sample(steps =>
    {
        var (table, plain, clock, index) = (LockTable.Empty, new PlainLocks(), TimeSpan.Zero, LogIndex.Zero);
        var tokens = new Tokens();
        foreach (var (command, pause) in steps)
        {
            (clock, index) = (clock + pause, index + 3);
            var expected = plain.Apply(command, clock, index.Value);
            (table, var answers) = command is null ? (table.Elapse(clock, index), []) : table.Apply(command, clock, index);
            Assert.Equal(expected, answers);
            Assert.All(SomeIds, id => Assert.Equal(plain.Standing(id), table.StandingOf(id)));
            Consistent(table, clock);
            tokens.Observe(table);
        }
    });

    [Fact]
    public void A_machine_that_comes_from_snapshots_is_like_one_that_does_not() => Gen.Select(Steps, Gen.Int[1, 9]).Sample((steps, every) =>
    {
        var (original, copy, clock, index) = (new LockMachine(), new LockMachine(), TimeSpan.Zero, LogIndex.Zero);
        foreach (var (command, pause) in steps)
        {
            (clock, index) = (clock + pause, index + 1);
            var context = new CommandContext(index, new Term(1), DateTimeOffset.UnixEpoch) { Clock = clock };
            if (command is null)
            {
                original.Elapse(context);
                copy.Elapse(context);
            }
            else
            {
                var bytes = LockCodec.Encode(command);
                Assert.Equal(original.Apply(context, bytes).ToArray(), copy.Apply(context, bytes).ToArray());
            }

            var snapshot = Snapshot(original);
            Assert.Equal(snapshot, Snapshot(copy));
            Assert.Equal(original.Deadline, copy.Deadline);
            if (index.Value % every == 0)
            {
                copy = new LockMachine();
                copy.ReadSnapshot(new MemoryStream(snapshot));
            }
        }

        Damaged(Snapshot(original));
    });

    [Fact]
    public void Everybody_who_stays_alive_gets_the_lock_in_the_order_of_arrival() =>
        Gen.Int[0, Kinds().Length - 1].Select(at => Kinds()[at]).Array[1, 20].Sample(kinds =>
        {
            var (table, index) = (LockTable.Empty, LogIndex.Zero);
            var queue = kinds.Where(kind => kind.Limit == 0).Select(kind => (kind.Mode, Id: Guid.NewGuid())).ToList();
            foreach (var (mode, id) in queue)
            {
                table = table.Apply(new AcquireLock(id, "a", mode, 0, TimeSpan.FromSeconds(9), default, MayWait: true), default, index += 1).Table;
            }

            foreach (var (_, id) in queue)
            {
                Assert.Equal(LockOutcome.Granted, table.StandingOf(id).Outcome);
                table = table.Apply(new ReleaseLock(id, IsRemembered: false), default, index += 1).Table;
            }

            Assert.Empty(table.Locks);
            Assert.Empty(table.Leases);
            Assert.Null(table.Deadline);
        });

    private static byte[] Snapshot(LockMachine machine)
    {
        using var bytes = new MemoryStream();
        machine.CaptureSnapshot()(bytes);
        return bytes.ToArray();
    }

    private static void Damaged(byte[] snapshot)
    {
        for (var length = 0; length < snapshot.Length; length += 7)
        {
            Assert.Throws<FormatException>(() => new LockMachine().ReadSnapshot(new MemoryStream(snapshot, 0, length)));
        }

        snapshot[0]++;
        Assert.Throws<FormatException>(() => new LockMachine().ReadSnapshot(new MemoryStream(snapshot)));
    }

    private static LockKind[] Kinds() => [LockKind.Exclusive, LockKind.Exclusive, LockKind.Shared, LockKind.Shared, LockKind.Upgradeable, LockKind.Semaphore(2)];

    private static void Consistent(LockTable table, TimeSpan clock)
    {
        Assert.Equal(table.Leases.Select(lease => (lease.Value.End, lease.Key)).Order(), table.Ends.AsEnumerable());
        Assert.True(table.Deadline is null || table.Deadline > clock);
        Assert.Equal(table.Leases.Values.Count(lease => lease.Lock is not null), table.Locks.Sum(queue => queue.Count));
        foreach (var queue in table.Locks)
        {
            Assert.False(queue.IsUnused);
            Assert.True(queue.Holders.Count == 1 || queue.Holders.Values.All(holder => holder.Mode != LockMode.Exclusive), "An exclusive holder is alone.");
            Assert.True(queue.Limit == 0 || queue.Holders.Count <= queue.Limit, "A semaphore keeps to its limit.");
            Assert.False(queue.Holders.IsEmpty, "Nobody waits for what is free.");
        }
    }

    /// <summary>Remembers who was seen with which token.</summary>
    private sealed class Tokens
    {
        private readonly Dictionary<string, FencingToken> _largest = new(StringComparer.Ordinal);
        private readonly HashSet<(string, FencingToken, Guid)> _seen = [];

        public void Observe(LockTable table)
        {
            foreach (var queue in table.Locks)
            {
                var before = _largest.GetValueOrDefault(queue.Name);
                foreach (var holder in queue.Holders.Values.Where(holder => _seen.Add((queue.Name, holder.Token, holder.Id))))
                {
                    Assert.True(holder.Token > before, $"{holder} came after {before}");
                    _largest[queue.Name] = holder.Token;
                }
            }
        }
    }
}
