using System.Text;
using CsCheck;
using Xunit;

namespace LifeRaft.Tests.KeyValue;

public sealed class KeyValueMachineTests
{
    // Put "a" = "x" and delete "a", as they are on the wire and in logs: a change of these bytes breaks old logs.
    private static readonly byte[] PutA = [1, 1, 0, (byte)'a', (byte)'x'];
    private static readonly byte[] DeleteA = [2, 1, 0, (byte)'a'];
    private static readonly byte[] SwapA = [3, 1, 0, (byte)'a', 1, 0, 0, 0, 0, 0, 0, 0, (byte)'y'];
    private static readonly byte[] ListAll = [3, 100, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    [Fact]
    public void The_bytes_of_commands_and_results_are_fixed()
    {
        var machine = new KeyValueMachine();
        Assert.Equal([1, .. Number(1), .. Number(7)], LocalMachine.Apply(machine, PutA, 7).ToArray());
        Assert.Equal([1, .. Number(2), .. Number(8)], LocalMachine.Apply(machine, SwapA, 8).ToArray());
        Assert.Equal([0, .. Number(2), .. Number(8), (byte)'y'], LocalMachine.Apply(machine, SwapA, 9).ToArray());
        Assert.Equal([1, .. Number(2), .. Number(8), (byte)'y'], machine.Query(new byte[] { 1, 1, 0, (byte)'a' }).ToArray());
        Assert.Equal([0, .. Number(8), 1, 0, (byte)'a', .. Number(2), .. Number(8), .. Number(0), 1, 0, 0, 0, (byte)'y'], machine.Query(ListAll).ToArray());
        Assert.Equal([1, .. Number(2), .. Number(8), (byte)'y'], LocalMachine.Apply(machine, DeleteA, 10).ToArray());
        Assert.Equal(Number(4), machine.Query(new byte[] { 2 }).ToArray());
    }

    [Fact]
    public void A_command_is_not_kept_but_copied()
    {
        var machine = new KeyValueMachine();
        var command = PutA.ToArray();
        LocalMachine.Apply(machine, command);
        command[^1] = (byte)'!';
        Assert.Equal((byte)'x', machine.Query(new byte[] { 1, 1, 0, (byte)'a' }).Span[^1]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("00")]
    [InlineData("04")]
    [InlineData("05 01 00 61 01 00 00 00 00 00 00")]
    [InlineData("06 01 00 00 00 00 00 00 00")]
    [InlineData("06 01 00 00 00 00 00 00 00 e7 03 00 00 00 00 00 00")]
    [InlineData("06 00 00 00 00 00 00 00 00 e8 03 00 00 00 00 00 00")]
    [InlineData("07 ff ff ff ff ff ff ff ff")]
    [InlineData("07 01 00 00 00 00 00 00 00 00")]
    [InlineData("08 01 00 00 00 00 00 00")]
    [InlineData("01")]
    [InlineData("01 01")]
    [InlineData("01 00 00 78")]
    [InlineData("01 02 00 61")]
    [InlineData("01 01 00 ff")]
    [InlineData("02 01 00 61 00")]
    [InlineData("03 01 00 61 00 00 00 00 00 00 00")]
    public void A_malformed_command_is_an_exception_and_changes_nothing(string hexadecimal)
    {
        var machine = new KeyValueMachine();
        LocalMachine.Apply(machine, PutA);
        var before = Snapshot(machine);
        Assert.Throws<FormatException>(() => LocalMachine.Apply(machine, Bytes(hexadecimal)));
        Assert.Equal(before, Snapshot(machine));
    }

    [Theory]
    [InlineData("09 01 00 61")]
    [InlineData("ff")]
    public void A_command_of_a_later_build_is_refused_before_it_is_in_a_log_and_stops_who_finds_it_in_one(string hexadecimal)
    {
        var machine = new KeyValueMachine();
        var before = Snapshot(machine);
        Assert.StartsWith("A command that begins with", machine.Refusal(Bytes(hexadecimal)), StringComparison.Ordinal);
        Assert.Throws<UnknownCommandException>(() => LocalMachine.Apply(machine, Bytes(hexadecimal)));
        Assert.Equal(before, Snapshot(machine));
        Assert.Null(machine.Refusal(PutA));
        Assert.Null(machine.Refusal(ReadOnlyMemory<byte>.Empty));
    }

    [Fact]
    public void A_command_with_a_key_of_more_than_1024_bytes_is_malformed()
    {
        byte[] command = [1, 0x01, 0x04, .. Enumerable.Repeat((byte)'k', 1025)];
        var failure = Assert.Throws<FormatException>(() => LocalMachine.Apply(new KeyValueMachine(), command));
        Assert.Equal("A key claims 1025 bytes; at most 1024 are allowed, and 1025 follow.", failure.Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("00")]
    [InlineData("06")]
    [InlineData("01 00 00")]
    [InlineData("01 01 00 61 61")]
    [InlineData("02 00")]
    [InlineData("03 00 00 00 00 00 00 00 00 00 00")]
    [InlineData("03 00 00 00 00 00 00 00 00 03 00 00 00 00")]
    [InlineData("03 00 00 00 00 00 00 00 00 00 00 00 00 00 00")]
    [InlineData("04 00")]
    [InlineData("05 01 00 00 00 00 00 00 00 00 00 00")]
    public void A_malformed_query_is_an_exception(string hexadecimal) =>
        Assert.Throws<FormatException>(() => new KeyValueMachine().Query(Bytes(hexadecimal)));

    [Fact]
    public void Any_bytes_are_either_a_command_or_a_FormatException_that_changes_nothing() =>
        Gen.Byte[0, 8].Array[0, 16].Sample(command =>
        {
            var machine = new KeyValueMachine();
            var before = Snapshot(machine);
            try
            {
                LocalMachine.Apply(machine, command);
            }
            catch (FormatException)
            {
                Assert.Equal(before, Snapshot(machine));
            }
        });

    [Fact]
    public void Equal_states_have_equal_snapshots_also_across_a_snapshot()
    {
        var (straight, moved) = (new KeyValueMachine(), new KeyValueMachine());
        for (var i = 0; i < 200; i++)
        {
            var command = Put($"key {i * 7919 % 150} {(char)(i * 37)}");
            LocalMachine.Apply(straight, command, i + 1);
            LocalMachine.Apply(moved, command, i + 1);
            if (i % 50 == 0)
            {
                var snapshot = Snapshot(moved);
                moved = new KeyValueMachine();
                Restore(moved, snapshot);
            }
        }

        Assert.Equal(Snapshot(straight), Snapshot(moved));
    }

    [Fact]
    public void The_count_of_applied_commands_is_part_of_the_state()
    {
        var (once, again) = (new KeyValueMachine(), new KeyValueMachine());
        LocalMachine.Apply(once, DeleteA);
        Assert.NotEqual(Snapshot(once), Snapshot(again));
        Restore(again, Snapshot(once));
        Assert.Equal([1, 0, 0, 0, 0, 0, 0, 0], again.Query(new byte[] { 2 }).ToArray());
    }

    [Fact]
    public void A_restored_machine_replaces_what_it_held_and_goes_on_like_the_original()
    {
        var (original, restored) = (new KeyValueMachine(), new KeyValueMachine());
        LocalMachine.Apply(original, PutA);
        LocalMachine.Apply(restored, Put("other"));
        Restore(restored, Snapshot(original));
        Assert.Equal(Snapshot(original), Snapshot(restored));
        foreach (var command in new[] { SwapA, DeleteA, PutA, Put("b") })
        {
            Assert.Equal(LocalMachine.Apply(original, command).ToArray(), LocalMachine.Apply(restored, command).ToArray());
        }

        Assert.Equal(original.Query(ListAll).ToArray(), restored.Query(ListAll).ToArray());
        Assert.Equal(Snapshot(original), Snapshot(restored));
    }

    [Fact]
    public void A_capture_writes_the_state_of_its_moment_whatever_is_applied_afterwards()
    {
        var machine = new KeyValueMachine();
        LocalMachine.Apply(machine, PutA);
        LocalMachine.Apply(machine, Put("b"));
        var before = Snapshot(machine);
        var capture = machine.CaptureSnapshot();
        foreach (var command in new[] { SwapA, DeleteA, Put("b"), Put("c") })
        {
            LocalMachine.Apply(machine, command);
        }

        using var written = new MemoryStream();
        capture(written);
        Assert.Equal(before, written.ToArray());
        Assert.NotEqual(before, Snapshot(machine));
    }

    [Fact]
    public async Task A_capture_that_another_thread_writes_is_untouched_by_commands_applied_meanwhile()
    {
        const int Keys = 2_000;
        var machine = new KeyValueMachine();
        for (var i = 0; i < Keys; i++)
        {
            LocalMachine.Apply(machine, Put($"key {i}"));
        }

        var before = Snapshot(machine);
        using var written = new GatedStream();
        var capture = machine.CaptureSnapshot();
        var writing = Task.Run(() => capture(written), TestContext.Current.CancellationToken);
        await written.Begun;
        for (var i = 0; i < Keys; i++)
        {
            LocalMachine.Apply(machine, i % 2 == 0 ? Put($"key {i}") : [2, .. Put($"key {i}")[1..^1]]);
            written.LetPass(before.Length / Keys);
        }

        written.LetPass(before.Length);
        await writing;
        Assert.Equal(before, written.ToArray());
    }

    [Fact]
    public void A_snapshot_that_is_cut_short_is_refused_and_the_state_stays()
    {
        var (original, machine) = (new KeyValueMachine(), new KeyValueMachine());
        LocalMachine.Apply(original, PutA);
        LocalMachine.Apply(original, Put("b"));
        LocalMachine.Apply(machine, Put("mine"));
        var (whole, before) = (Snapshot(original), Snapshot(machine));
        for (var length = 0; length < whole.Length; length++)
        {
            Assert.Throws<FormatException>(() => Restore(machine, whole[..length]));
            Assert.Equal(before, Snapshot(machine));
        }
    }

    [Theory]
    [InlineData(0, 1, "form 1")]
    [InlineData(0, 3, "form 3")]
    [InlineData(8, 0x80, "commands up to revision 2")]
    [InlineData(20, 0xff, "claims -16777216 leases")]
    [InlineData(24, 0xff, "claims -16777214 entries")]
    [InlineData(27, (byte)'c', "follows 'c'")]
    [InlineData(35, 0x80, "of version -")]
    [InlineData(36, 3, "revision 3")]
    [InlineData(44, 5, "with lease 5")]
    [InlineData(55, 0x7f, "claims 2130706433 bytes")]
    [InlineData(89, 5, "revision 1 follows 5")]
    [InlineData(100, 0xff, "changes")]
    [InlineData(101, 9, "kind 9")]
    [InlineData(104, (byte)'z', "'z' was put and is not there")]
    public void A_damaged_snapshot_is_refused_with_what_is_wrong(int position, byte value, string problem)
    {
        var (original, machine) = (new KeyValueMachine(), new KeyValueMachine());
        LocalMachine.Apply(original, PutA, 1);
        LocalMachine.Apply(original, Put("b"), 2);
        var bytes = Snapshot(original);
        bytes[position] = value;
        var failure = Assert.Throws<FormatException>(() => Restore(machine, bytes));
        Assert.Contains(problem, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(21, 0, "lease 0, which lives 00:00:10 and ends at 00:00:10, follows 0")]
    [InlineData(36, 0xff, "lease 1, which lives -")]
    [InlineData(44, 0x80, "and ends at -")]
    public void A_damaged_lease_is_refused_with_what_is_wrong(int position, byte value, string problem)
    {
        var original = new KeyValueMachine();
        LocalMachine.Apply(original, new KeyValueLeaseCommand(KeyValueCommandKind.GrantLease, 1, TimeSpan.FromSeconds(10)).Encode());
        var bytes = Snapshot(original);
        bytes[position] = value;
        var failure = Assert.Throws<FormatException>(() => Restore(new KeyValueMachine(), bytes));
        Assert.Contains(problem, failure.Message, StringComparison.Ordinal);
    }

    private static byte[] Put(string key) => [1, .. BitConverter.GetBytes((ushort)Encoding.UTF8.GetByteCount(key)), .. Encoding.UTF8.GetBytes(key), 42];

    private static byte[] Bytes(string hexadecimal) => Convert.FromHexString(hexadecimal.Replace(" ", "", StringComparison.Ordinal));

    private static byte[] Number(long number) => BitConverter.GetBytes(number);

    private static byte[] Snapshot(KeyValueMachine machine)
    {
        using var bytes = new MemoryStream();
        machine.CaptureSnapshot()(bytes);
        return bytes.ToArray();
    }

    private static void Restore(KeyValueMachine machine, byte[] snapshot)
    {
        using var bytes = new MemoryStream(snapshot);
        machine.ReadSnapshot(bytes);
    }
}
