using System.Diagnostics;
using System.Globalization;

namespace LifeRaft.TestingHost.Tests;

/// <summary>Good machines pass; each fault is found at the command where it shows, and called by its name.</summary>
public sealed class DeterminismTestTests
{
    private static readonly ReadOnlyMemory<byte>[] _log = [new byte[] { 1 }, new byte[] { 2, 2 }, new byte[] { 3 }];
    private static int _shared;

    [Fact]
    public void A_good_typed_machine_passes() => DeterminismTest.Run(
        serializer => new Stock(serializer),
        [new Take("apple", 3, TimeSpan.FromSeconds(2)), new Take("apple", 900, TimeSpan.FromSeconds(1)), new Take("pear", 1, TimeSpan.FromMinutes(1)), new Take("Apple", 1, TimeSpan.FromHours(1))],
        [new Left("apple"), new Left("none")]);

    [Fact]
    public void A_clock_that_is_read_is_found()
    {
        Found(Of(_ => $"{DateTime.UtcNow.Ticks}"), "After command 1 of 3 (1 bytes, 01), a second replay at another time has another result", "it reads a clock");
        Found(Of(_ => $"{DateTimeOffset.UtcNow.ToUnixTimeSeconds()}"), "it reads a clock");
        Found(Of(_ => $"{Environment.TickCount}"), "a second replay");
        Found(Of(_ => $"{Stopwatch.GetTimestamp()}"), "a second replay");
    }

    [Fact]
    public void Random_numbers_ids_and_threads_are_found()
    {
        Found(Of(_ => $"{Random.Shared.NextInt64()}"), "a second replay", "draws random numbers or ids");
        Found(Of(_ => $"{Guid.NewGuid()}"), "a second replay");
        Found(Of(_ => $"{Environment.CurrentManagedThreadId}"), "a second replay");
    }

    [Fact]
    public void Shared_static_state_is_found() =>
        Found(Of(_ => $"{++_shared}"), "a second replay", "keeps something in a static variable");

    [Theory]
    [InlineData("clock", "Unsound.Clock calls DateTime.UtcNow")]
    [InlineData("chance", "Dice.Throw calls Random.Next; Dice.Throw calls Random.Shared")]
    [InlineData("id", "Unsound.ctor calls Guid.NewGuid")]
    [InlineData("shared", "Unsound.Count writes the static variable Unsound._count")]
    public void The_code_that_does_it_is_named(string what, string where)
    {
        var message = Assert.Throws<NotDeterministicException>(() => DeterminismTest.Run(serializer => new Unsound(serializer), [new Do("nothing"), new Do(what)])).Message;
        Assert.Contains($"After command 2 of 2 (Do {{ What = {what} }}), a second replay", message, StringComparison.Ordinal);
        Assert.Contains(where, message, StringComparison.Ordinal);
    }

    [Fact]
    public void It_is_found_at_the_first_command_where_it_shows() =>
        Found(Of(command => command.Length == 2 ? $"{Guid.NewGuid()}" : "line"), "After command 2 of 3 (2 bytes, 0202)");

    [Fact]
    public void A_culture_that_is_used_is_found() =>
        Found(Of(command => string.Format(CultureInfo.CurrentCulture, "{0}", command.Length + 0.5)), "After command 1 of 3 (1 bytes, 01), a replay in another culture", "CultureInfo.InvariantCulture");

    [Fact]
    public void A_command_whose_memory_is_kept_is_found()
    {
        var kept = default(ReadOnlyMemory<byte>);
        Found(
            () =>
            {
                kept = new byte[1];
                return new Notebook(command =>
                {
                    var before = Convert.ToHexString(kept.Span);
                    kept = command;
                    return before;
                });
            },
            "After command 2 of 3 (2 bytes, 0202), a replay that overwrites the bytes of each command",
            "Copy what is stored");
    }

    [Fact]
    public void A_snapshot_that_forgets_a_field_is_found() =>
        Found(() => new ForgetfulNotebook(), "After command 2 of 3 (2 bytes, 0202), a replay through a snapshot after every command has another result (01000000 instead of 02000000)", "leaves out a part of the state");

    [Fact]
    public void A_snapshot_that_is_not_of_its_moment_is_found() =>
        Found(() => new LateNotebook(), "a replay that writes each snapshot one command later", "capture the reference");

    [Fact]
    public void A_snapshot_that_is_not_restored_is_found() =>
        Found(() => new LossyNotebook(), "is not the same when it has read the snapshot that it wrote after command 1 of 3");

    [Fact]
    public void A_snapshot_that_reads_too_much_is_found() =>
        Found(() => new GreedyNotebook(), "must leave alone what is behind");

    [Fact]
    public void A_state_that_changed_although_the_machine_threw_is_found() =>
        Found(() => new TornNotebook(), "has changed its state at command 1 of 3 (1 bytes, 01) although it threw (InvalidOperationException: The pen broke.)");

    [Fact]
    public void A_query_that_changes_something_is_found() =>
        Found(() => new NosyNotebook(), "A query changed the state of NosyNotebook after command 1 of 3");

    [Fact]
    public void A_command_that_the_machine_does_not_know_is_the_tests_error() =>
        Assert.Contains("Left { Fruit = apple } cannot be replayed", Assert.Throws<InvalidRequestException>(() => DeterminismTest.Run(serializer => new Stock(serializer), [new Left("apple")])).Message, StringComparison.Ordinal);

    private static Func<IStateMachine> Of(Func<ReadOnlyMemory<byte>, string> note) => () => new Notebook(note);

    private static void Found(Func<IStateMachine> create, params string[] because)
    {
        var message = Assert.Throws<NotDeterministicException>(() => DeterminismTest.Run(create, _log, [new byte[] { 9 }])).Message;
        Assert.All(because, part => Assert.Contains(part, message, StringComparison.Ordinal));
    }
}
