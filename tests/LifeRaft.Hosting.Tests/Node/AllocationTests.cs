using LifeRaft.Protocol;
using LifeRaft.Protocol.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace LifeRaft.Hosting.Tests;

/// <summary>What one entry allocates on its way through a node and over a link between silos.</summary>
public sealed class AllocationTests
{
    private const int Entries = 64;
    private const int PayloadBytes = 256;

    // Each is so little above what was measured, in bytes, that the smallest object, of 24, does not fit in.

    /// <summary>
    /// Measured 642. The entry with its 34 bytes: 136. The command in the inbox: 72. Its caller with the task that the call waits for: 160. The
    /// reply: 96. The places in the lists of the protocol: 32. The bench's own three arrays, of the command, of the result and of what was
    /// applied: 96. The rest is the share in the turns of the whole batch.
    /// </summary>
    private const int PumpBytes = 658;

    /// <summary>Measured 2: the share in the array of the message's head. A copy of an entry, or a place in a list, is more.</summary>
    private const int LeavingBytes = 4;

    /// <summary>Measured 382: its share in the array that Orleans reads into, and the entry's object with its place in a list.</summary>
    private const int ArrivingBytes = 400;

    [Fact]
    public void A_command_allocates_little_in_the_pump()
    {
        var bench = new PumpBench();
        bench.Found();
        Allocation.AssertAtMost(PumpBytes, Allocation.PerOperation(Entries, () => Commit(bench)), "A command in the pump of a leader that is alone");
    }

    [Fact]
    public void An_entry_is_not_copied_to_leave_for_another_silo_and_once_to_arrive()
    {
        using var services = new ServiceCollection().AddSerializer().BuildServiceProvider();
        var serializer = services.GetRequiredService<Serializer<PeerFrame>>();
        var frame = new PeerFrame("liferaft-node/kv/1@silo", Append());
        var sent = new byte[2 * Entries * (PayloadBytes + LogEntry.HeaderBytes)];
        Allocation.AssertAtMost(LeavingBytes, Allocation.PerOperation(Entries, () => serializer.Serialize(frame, sent)), "An entry that leaves");
        Allocation.AssertAtMost(ArrivingBytes, Allocation.PerOperation(Entries, () => serializer.Deserialize(sent)!.Open()), "An entry that arrives");
    }

    private static AppendRequest Append() => new()
    {
        Term = new Term(1),
        PreviousIndex = LogIndex.First,
        PreviousTerm = new Term(1),
        Commit = LogIndex.First,
        Entries = [.. Enumerable.Range(2, Entries).Select(index => LogEntry.Create(EntryKind.Command, new LogIndex(index), new Term(1), 0, new byte[PayloadBytes]))],
    };

    private static void Commit(PumpBench bench)
    {
        for (var i = 0; i < Entries; i++)
        {
            bench.Propose(1);
        }

        bench.CompleteAllWrites();
        bench.Applied.Clear();
    }
}
