using System.CommandLine;
using System.Globalization;

namespace LifeRaft.Cli;

/// <summary>The command <c>elect</c>: runs a program on one host at a time.</summary>
internal static class ElectCommand
{
    private const string Summary = "Runs for leader in an election, runs a program while it leads, and resigns when the program ends.";

    private const string Details =
        "The program finds the fencing token in "
        + "LIFERAFT_FENCING_TOKEN: it is larger than that of every leader before. "
        + GuardedRun.Signals
        + "When leadership is lost, the program is ended (SIGTERM, then SIGKILL), and this tool runs again, unless a signal has told it to end before. ";

    private static readonly Argument<string> _name = new("name") { Description = "The election. It need not exist." };

    private static readonly Option<string> _group = GroupOption.WithDefault(HoldOptions.UsualGroup);

    private static readonly Option<string?> _candidate = new("--candidate")
    {
        Description = "What others see of who leads. [default: the name of this host]",
        HelpName = "name",
    };

    private static readonly Option<bool> _once = new("--once") { Description = "End with exit code 76 when leadership is lost, instead of running again." };

    public static Command Create()
    {
        var command = new WrapperCommand("elect", Summary, Details + GuardedRun.Code) { _name, _group, _candidate, _once };
        var hold = new HoldOptions().AddTo(command);
        ClusterArguments.AddTo(command);
        command.Runs(run => Run(run, hold));
        return command;
    }

    private static async Task<int> Run(CommandRun run, HoldOptions hold)
    {
        var name = run.Get(_name)!;
        await using var connection = await run.Connect();
        await using var locks = new RaftLocks(connection.Group(run.Get(_group)!));
        var election = new LeaderElection(locks, name, hold.TimeToLive(run));
        while (true)
        {
            Leadership leadership;
            using (var signals = new InterruptedWait(run.CancellationToken))
            {
                leadership = await signals.For(token => election.Campaign(run.Get(_candidate) ?? Environment.MachineName, token));
            }

            bool isLast;
            await using (leadership)
            {
                var variables = new[]
                {
                    ("LIFERAFT_FENCING_TOKEN", leadership.FencingToken.Value.ToString(CultureInfo.InvariantCulture)), ("LIFERAFT_ELECTION", name), ("LIFERAFT_CANDIDATE", leadership.Candidate),
                };
                var end = await GuardedRun.While(hold.Program(run), variables, hold.Grace(run), leadership.Lost, run.CancellationToken);
                if (end.Code is { } code)
                {
                    return code;
                }

                isLast = run.Get(_once) || end.WasToldToEnd;
            }

            await run.Error.WriteLineAsync($"Leadership of '{name}' was lost, so the program was ended.{(isLast ? "" : " Running again.")}");
            if (isLast)
            {
                return GuardedRun.Lost;
            }
        }
    }
}
