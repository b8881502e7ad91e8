using System.CommandLine;
using System.Globalization;
using System.Text;

namespace LifeRaft.Cli;

/// <summary><c>lock run</c>.</summary>
internal static class LockRun
{
    private const string Summary = "Acquires a lock, runs a program while it is held, and releases it when the program ends.";

    private const string Details =
        "The program finds the fencing token in "
        + "LIFERAFT_FENCING_TOKEN: it is larger than that of every holder before, so what the lock protects can refuse one of before. "
        + GuardedRun.Signals
        + "When the lock is lost, the program is ended: SIGTERM, then SIGKILL. Who kills this tool with SIGKILL leaves the program running. ";

    private static readonly Argument<string> _name = new("name") { Description = "The lock. It need not exist." };

    private static readonly Option<TimeSpan?> _wait = DurationOption.Create(
        "--wait", TimeSpan.Zero, TimeSpan.FromDays(1), "How long to wait for the lock; '0 s' to get it at once or not at all. [default: as long as it takes]");

    private static readonly Option<bool> _shared = new("--shared") { Description = "Share the lock with others who do so, instead of being its only holder." };

    private static readonly Option<long?> _permits = NumberOption.Create("--permits", 1, int.MaxValue, "Take one permit of a semaphore of so many, instead of a lock.");

    public static Command Create()
    {
        var command = new WrapperCommand("run", Summary, Details + GuardedRun.Code) { _name };
        var hold = new HoldOptions().AddTo(command);
        command.Add(_wait);
        command.Add(_shared);
        command.Add(_permits);
        command.Validators.Add(result =>
        {
            if (result.GetValue(_shared) && result.GetResult(_permits) is not null)
            {
                result.AddError("--shared and --permits exclude each other.");
            }
        });
        command.Runs(run => Run(run, hold));
        return command;
    }

    private static async Task<int> Run(CommandRun run, HoldOptions hold)
    {
        var name = run.Get(_name)!;
        await using var connection = await run.Connect();
        await using var locks = new RaftLocks(connection.Group(run.Get(LocksCommand.Group)!));
        LockHandle? held;
        using (var signals = new InterruptedWait(run.CancellationToken))
        {
            var options = LockOptions.Default with { Kind = KindOf(run), TimeToLive = hold.TimeToLive(run), Value = Encoding.UTF8.GetBytes($"{Environment.MachineName}/{Environment.ProcessId}") };
            held = await signals.For(token => locks.TryAcquire(name, run.Get(_wait) ?? Timeout.InfiniteTimeSpan, options, token));
        }

        if (held is null)
        {
            await run.Error.WriteLineAsync($"The lock '{name}' was not to be had {(run.Get(_wait) is { } wait && wait > TimeSpan.Zero ? $"within {Duration.Format(wait)}" : "at once")}; the program was not run.");
            return GuardedRun.NotAcquired;
        }

        await using (held)
        {
            var variables = new[] { ("LIFERAFT_FENCING_TOKEN", held.FencingToken.Value.ToString(CultureInfo.InvariantCulture)), ("LIFERAFT_LOCK", name) };
            if (await GuardedRun.While(hold.Program(run), variables, hold.Grace(run), held.Lost, run.CancellationToken) is { Code: { } code })
            {
                return code;
            }
        }

        await run.Error.WriteLineAsync($"The lock '{name}' was lost, so the program was ended.");
        return GuardedRun.Lost;
    }

    private static LockKind KindOf(CommandRun run) =>
        run.Get(_shared) ? LockKind.Shared : run.Get(_permits) is { } permits ? LockKind.Semaphore((int)permits) : LockKind.Exclusive;
}
