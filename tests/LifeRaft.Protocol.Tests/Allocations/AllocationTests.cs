using LifeRaft.Benchmarks;
using LifeRaft.Protocol.Tests.Harness;
using Xunit;

namespace LifeRaft.Protocol.Tests.Allocations;

/// <summary>What one entry of 256 bytes allocates where every entry passes; one object more for each breaks the bound.</summary>
public sealed class AllocationTests
{
    private const int Entries = 64;
    private const int PayloadBytes = 256;

    // Each is so little above what was measured, in bytes, that the smallest object, of 24, does not fit in. The entry itself: an object of
    // 72 and an array of 320, which holds the header of 33 and the payload.

    /// <summary>
    /// Measured 581. The entry, once: the followers of this group share it. The places in lists of 8 or 16 in which it is written,
    /// sent twice, and handed out to be applied, on all three: 112. The rest is the share in the messages and turns of the whole batch.
    /// </summary>
    private const int ProtocolBytes = 600;

    /// <summary>Measured 297: its share in one array of them all, with the length before it, and in that of the message's head.</summary>
    private const int EncodingBytes = 316;

    /// <summary>Measured 86: the entry's object and its place in a list. Its bytes stay where they are.</summary>
    private const int DecodingBytes = 100;

    [Fact]
    public void The_protocol_of_all_three_members_allocates_little_per_entry()
    {
        var group = new MicroGroup();
        var payload = new byte[PayloadBytes];
        Allocation.AssertAtMost(ProtocolBytes, Allocation.PerOperation(Entries, () => group.Commit(Entries, payload)), "An entry in the protocol of a leader and two followers");
    }

    [Fact]
    public void Encoding_allocates_little_per_entry()
    {
        var append = Append();
        Allocation.AssertAtMost(EncodingBytes, Allocation.PerOperation(Entries, () => MessageCodec.Encode(append)), "An entry that is encoded");
    }

    [Fact]
    public void Decoding_allocates_little_per_entry()
    {
        var bytes = MessageCodec.Encode(Append());
        Allocation.AssertAtMost(DecodingBytes, Allocation.PerOperation(Entries, () => MessageCodec.Decode(bytes)), "An entry that is decoded");
    }

    private static AppendRequest Append() => Message.Append("A", "B", term: 1, 1, 1, entries: []) with
    {
        Entries = [.. Enumerable.Range(2, Entries).Select(index => LogEntry.Create(EntryKind.Command, new LogIndex(index), new Term(1), 0, new byte[PayloadBytes]))],
    };
}
