using LifeRaft.Protocol;

namespace LifeRaft.Hosting.Tests.Sessions;

public sealed class SessionSnapshotTests
{
    [Fact]
    public void The_bytes_of_requests_and_replies_are_fixed()
    {
        var command = new SessionRequest(SessionRequestKind.Command) { Session = new LogIndex(2), Answered = 3, Number = 4, Command = "x"u8.ToArray() };
        Assert.Equal("02 0100000000000000 0200000000000000 0300000000000000 0400000000000000 78", Hexadecimal(command.Encode(TimeSpan.FromMilliseconds(1)), 1, 8, 8, 8, 8));
        var open = new SessionRequest(SessionRequestKind.Open) { Limits = new SessionLimits(2, 3, 4, 5) };
        Assert.Equal("01 0100000000000000 0200000000000000 0500000000000000 03000000 04000000", Hexadecimal(open.Encode(TimeSpan.FromMilliseconds(1)), 1, 8, 8, 8, 4));
        Assert.Equal([2, (byte)'n', (byte)'o'], SessionReply.Failed("no").Encode());
    }

    [Fact]
    public void A_request_that_was_encoded_is_read_as_it_was()
    {
        SessionRequest[] requests =
        [
            new(SessionRequestKind.Open) { Limits = SessionBench.Limits },
            new(SessionRequestKind.KeepAlive) { Session = new LogIndex(7), Answered = 8 },
            new(SessionRequestKind.Close) { Session = new LogIndex(7) },
        ];
        foreach (var request in requests)
        {
            Assert.True(SessionRequest.TryDecode(request.Encode(TimeSpan.FromMilliseconds(12)), out var read));
            Assert.Equal(request with { ClockMilliseconds = 12 }, read);
        }
    }

    [Fact]
    public void A_capture_holds_sessions_and_machine_of_its_moment()
    {
        var bench = new SessionBench();
        var session = bench.Open();
        bench.Command(session, 1, "a");
        var before = bench.Snapshot();
        var capture = bench.State.CaptureSnapshot();
        bench.Command(session, 2, "b", answered: 2);
        bench.Close(session);

        using var written = new MemoryStream();
        capture(written);
        Assert.Equal(before, written.ToArray());
    }

    [Fact]
    public void A_snapshot_that_is_cut_short_is_refused()
    {
        var bench = new SessionBench();
        bench.Command(bench.Open(), 1, "a");
        var whole = bench.Snapshot();
        for (var length = 0; length < whole.Length - sizeof(int); length++)
        {
            using var cut = new MemoryStream(whole[..length]);
            Assert.Throws<FormatException>(() => new ReplicatedState(new TallyMachine()).ReadSnapshot(cut));
        }
    }

    [Fact]
    public void A_snapshot_with_a_byte_changed_is_refused_or_read_and_never_anything_else()
    {
        var bench = new SessionBench();
        bench.Command(bench.Open(), 1, "a");
        bench.Open();
        var whole = bench.Snapshot();
        for (var position = 0; position < whole.Length; position++)
        {
            var bytes = whole.ToArray();
            bytes[position] ^= 0xff;
            using var damaged = new MemoryStream(bytes);
            try
            {
                new ReplicatedState(new TallyMachine()).ReadSnapshot(damaged);
            }
            catch (FormatException failure)
            {
                Assert.Contains("snapshot", failure.Message, StringComparison.Ordinal);
            }
            catch (EndOfStreamException)
            {
                // From the machine behind the sessions.
            }
        }
    }

    [Fact]
    public void A_snapshot_of_another_form_says_what_to_do()
    {
        using var older = new MemoryStream([1]);
        Assert.Contains("give the silo an empty directory", Assert.Throws<FormatException>(() => new ReplicatedState(new TallyMachine()).ReadSnapshot(older)).Message, StringComparison.Ordinal);
        using var newer = new MemoryStream([3]);
        var failure = Assert.Throws<FormatException>(() => new ReplicatedState(new TallyMachine()).ReadSnapshot(newer));
        Assert.Equal("The snapshot begins with sessions of form 3; this node reads form 2. Update the silo.", failure.Message);
    }

    private static string Hexadecimal(byte[] bytes, params int[] lengths)
    {
        var parts = new List<string>();
        var start = 0;
        foreach (var length in lengths)
        {
            parts.Add(Convert.ToHexStringLower(bytes.AsSpan(start, length)));
            start += length;
        }

        parts.Add(Convert.ToHexStringLower(bytes.AsSpan(start)));
        return string.Join(' ', parts);
    }
}
