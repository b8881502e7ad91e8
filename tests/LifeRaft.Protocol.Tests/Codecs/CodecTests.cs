using CsCheck;
using LifeRaft.Protocol.Tests.Harness;
using Xunit;

namespace LifeRaft.Protocol.Tests.Codecs;

/// <summary>What is written is read again, and what nobody wrote is a <see cref="FormatException"/> and nothing else.</summary>
public sealed class CodecTests
{
    private static readonly byte Version = MessageCodec.Encode(new TimeoutNow())[0];

    [Fact]
    public void Every_message_is_read_as_it_was_written() => Messages.Any.Sample(message =>
    {
        var read = MessageCodec.Decode(MessageCodec.Encode(message));
        if (message is AppendRequest append)
        {
            Assert.Equal(append.Entries.Select(entry => entry.Encoded.ToArray()), Assert.IsType<AppendRequest>(read).Entries.Select(entry => entry.Encoded.ToArray()));
            Assert.Equal(append with { Entries = [] }, (AppendRequest)read with { Entries = [] });
        }
        else if (message is HeartbeatRequest beat)
        {
            Assert.Equal(beat.Attachment.ToArray(), Assert.IsType<HeartbeatRequest>(read).Attachment.ToArray());
            Assert.Equal(beat with { Attachment = default }, (HeartbeatRequest)read with { Attachment = default });
        }
        else if (message is SnapshotRequest part)
        {
            var copy = Assert.IsType<SnapshotRequest>(read);
            Assert.Equal(part.Data.ToArray(), copy.Data.ToArray());
            Assert.Equal(SnapshotHeaderCodec.Encode(part.Header), SnapshotHeaderCodec.Encode(copy.Header));
            Assert.Equal(part with { Data = default, Header = copy.Header }, copy with { Data = default });
        }
        else
        {
            Assert.Equal(message, read);
        }
    });

    [Fact]
    public void A_message_that_is_cut_off_or_too_long_is_no_message() => Gen.Select(Messages.Any, Gen.Int[0, 10_000]).Sample((message, at) =>
    {
        var bytes = MessageCodec.Encode(message);
        Assert.Throws<FormatException>(() => MessageCodec.Decode(bytes.AsMemory(0, at % bytes.Length)));
        Assert.Throws<FormatException>(() => MessageCodec.Decode((byte[])[.. bytes, 0]));
    });

    [Fact]
    public void A_message_with_changed_bytes_is_a_message_or_a_format_error() =>
        Gen.Select(Messages.Any, Gen.Select(Gen.Int[0, 10_000], Gen.Byte).Array[1, 4]).Sample((message, changes) =>
        {
            var bytes = MessageCodec.Encode(message);
            foreach (var (at, value) in changes)
            {
                bytes[at % bytes.Length] = value;
            }

            OnlyFormatErrors(() => MessageCodec.Decode(bytes));
        });

    [Fact]
    public void Garbage_is_no_message() => Gen.Select(Gen.Byte[0, 12], Gen.Byte.Array[0, 200]).Sample((kind, garbage) =>
    {
        OnlyFormatErrors(() => MessageCodec.Decode(garbage));
        OnlyFormatErrors(() => MessageCodec.Decode((byte[])[Version, kind, .. garbage]));
    });

    [Fact]
    public void A_message_of_another_version_is_refused_with_both_versions() => Messages.Any.Sample(message =>
    {
        var bytes = MessageCodec.Encode(message);
        foreach (var other in new[] { (byte)(Version - 1), (byte)(Version + 1) })
        {
            bytes[0] = other;
            var failure = Assert.Throws<FormatException>(() => MessageCodec.Decode(bytes));
            Assert.Equal($"The message is of version {other}; this silo reads version {Version}. Update the older silo.", failure.Message);
        }
    });

    [Fact]
    public void A_message_is_the_same_in_parts_and_in_one_piece() => Messages.Any.Sample(message =>
    {
        var parts = MessageCodec.Parts(message);
        var together = parts.Entries.Aggregate<LogEntry, IEnumerable<byte>>(parts.Head, (before, entry) =>
            [.. before, .. BitConverter.GetBytes(System.Net.IPAddress.HostToNetworkOrder(entry.Encoded.Length)), .. entry.Encoded.ToArray()]);
        Assert.Equal(MessageCodec.Encode(message), together);
        Assert.Equal(MessageCodec.Encode(message).Length, parts.Length);
    });

    [Fact]
    public void An_entry_that_was_read_keeps_the_memory_of_its_message()
    {
        var bytes = MessageCodec.Encode(Message.Append("A", "B", term: 3, 4, 2, entries: [2, 3]));
        foreach (var entry in Assert.IsType<AppendRequest>(MessageCodec.Decode(bytes)).Entries)
        {
            Assert.True(System.Runtime.InteropServices.MemoryMarshal.TryGetArray(entry.Encoded, out var memory));
            Assert.Same(bytes, memory.Array);
        }
    }

    [Fact]
    public void A_message_that_was_read_never_stops_a_node() =>
        Gen.Select(Messages.Any, Gen.Select(Gen.Int[50, 10_000], Gen.Byte).Array[0, 4]).Sample((message, changes) =>
        {
            // Whatever else is in it, it is addressed to this node: the ids at the front stay.
            var bytes = MessageCodec.Encode(message with { Group = Given.Group, From = Given.Id("B"), To = Given.Id("A") });
            foreach (var (at, value) in changes.Where(change => change.Item1 < bytes.Length))
            {
                bytes[at] = value;
            }

            RaftMessage read;
            try
            {
                read = MessageCodec.Decode(bytes);
            }
            catch (FormatException)
            {
                return;
            }

            var node = Given.Node("A", term: 2, log: [1, 1, 2]);
            node.Receive(read);
            if (node.State != RaftState.Stopped)
            {
                node.TimeOut();
            }
        });

    [Fact]
    public void Impossible_fields_are_a_format_error()
    {
        var append = Message.Append("A", "B", term: 3, 4, 2, entries: [2, 3]);
        MessageCodec.Decode(MessageCodec.Encode(append));
        foreach (var impossible in new RaftMessage[]
        {
            append with { Term = new Term(-1) },
            append with { PreviousIndex = new LogIndex(-1) },
            append with { PreviousIndex = new LogIndex(3) },
            append with { PreviousTerm = new Term(3) },
            append with { PreviousIndex = LogIndex.Zero, Entries = [] },
            append with { PreviousTerm = Term.Zero, Entries = [] },
            append with { PreviousTerm = new Term(4), Entries = [] },
            append with { Term = new Term(2) },
            append with { Commit = new LogIndex(-1) },
            Message.Heartbeat("A", "B", 1, commit: -1),
            Message.VoteRequest("A", "B", 1, lastIndex: -1, lastTerm: 0),
            Message.Conflict("A", "B", 1, rejected: -1, hint: 0, hintTerm: 0),
            new Refusal { Reason = 0, Actual = NodeIdentity.Blank },
            new Refusal { Reason = (RefusalReason)9, Actual = NodeIdentity.Blank },
        })
        {
            Assert.Throws<FormatException>(() => MessageCodec.Decode(MessageCodec.Encode(impossible)));

            // One that came some other way is refused, and changes nothing.
            var node = Given.Node("B", term: 1, log: [1]);
            node.Receive(impossible);
            Assert.IsType<MessageRefused>(Assert.Single(node.Events));
            Assert.Equal((1, 1L), (node.Term, node.Last));
        }
    }

    [Fact]
    public void Every_entry_is_read_as_it_was_written() => Messages.Entry.Sample(entry =>
    {
        var read = LogEntry.Decode(entry.Encoded);
        Assert.Equal((entry.Kind, entry.Index, entry.Term, entry.ProposedAtUnixMilliseconds), (read.Kind, read.Index, read.Term, read.ProposedAtUnixMilliseconds));
        Assert.Equal(entry.Payload.ToArray(), read.Payload.ToArray());
    });

    [Fact]
    public void Garbage_is_no_entry() => Gen.Byte.Array[0, 60].Sample(garbage => OnlyFormatErrors(() => LogEntry.Decode(garbage)));

    [Fact]
    public void A_header_of_a_snapshot_with_changed_bytes_is_a_header_or_a_format_error() =>
        Gen.Select(Messages.Header, Gen.Int[0, 10_000], Gen.Byte).Sample((header, at, value) =>
        {
            var bytes = SnapshotHeaderCodec.Encode(header);
            bytes[at % bytes.Length] = value;
            OnlyFormatErrors(() => SnapshotHeaderCodec.Decode(bytes));
        });

    [Fact]
    public void Every_configuration_is_read_as_it_was_written() => Messages.Configuration.Sample(configuration =>
    {
        var read = GroupConfigurationCodec.Decode(GroupConfigurationCodec.Encode(configuration));
        Assert.Equal(configuration.Voters, read.Voters);
        Assert.Equal(configuration.Outgoing, read.Outgoing);
        Assert.Equal(configuration.Learners, read.Learners);
        Assert.Equal(configuration.Removed, read.Removed);
        Assert.Equal(configuration.Timings, read.Timings);
    });

    [Fact]
    public void A_configuration_that_is_cut_off_too_long_or_changed_is_a_format_error_or_another_configuration() =>
        Gen.Select(Messages.Configuration, Gen.Int[0, 10_000], Gen.Byte).Sample((configuration, at, value) =>
        {
            var bytes = GroupConfigurationCodec.Encode(configuration);
            Assert.Throws<FormatException>(() => GroupConfigurationCodec.Decode(bytes.AsMemory(0, at % bytes.Length)));
            Assert.Throws<FormatException>(() => GroupConfigurationCodec.Decode((byte[])[.. bytes, 0]));
            bytes[at % bytes.Length] = value;
            OnlyFormatErrors(() => GroupConfigurationCodec.Decode(bytes));
        });

    [Fact]
    public void Garbage_is_no_configuration() => Gen.Byte.Array[0, 200].Sample(garbage =>
    {
        OnlyFormatErrors(() => GroupConfigurationCodec.Decode(garbage));
        OnlyFormatErrors(() => GroupConfigurationCodec.Decode((byte[])[1, .. garbage]));
    });

    private static void OnlyFormatErrors(Action decode)
    {
        var failure = Record.Exception(decode);
        Assert.True(failure is null or FormatException, failure?.ToString());
    }
}
