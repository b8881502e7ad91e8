using System.CommandLine;

namespace LifeRaft.Cli;

/// <summary>The command <c>leader</c>: who leads.</summary>
internal static class LeaderCommand
{
    private static readonly Argument<string> _group = GroupArgument.Required();
    private static readonly Argument<string?> _to = GroupArgument.OptionalAddress("to", "The voter that is to lead, for instance 2@silo-2; without it the one whose log is nearest.");

    public static Command Create()
    {
        var transfer = new Command("transfer", "Hands the leadership of a group to another voter.") { _group, _to };
        transfer.Runs(run => Move(run, run.Get(_to)));

        var stepDown = new Command("step-down", "Makes the leader of a group hand over to the voter whose log is nearest.") { _group };
        stepDown.Runs(run => Move(run, to: null));

        var command = new Command("leader", "Moves leaderships.") { transfer, stepDown, RebalanceCommand.Create() };
        ClusterArguments.AddTo(command);
        return command;
    }

    private static async Task<int> Move(CommandRun run, string? to)
    {
        await using var connection = await run.Connect();
        var group = connection.Group(run.Get(_group)!);
        var operations = connection.Operations();
        var before = await Looking.Until(
            connection, () => operations.Look(group.Name.ToString(), run.CancellationToken), report => report.Leader.Length > 0 || report.Health == GroupHealth.NoQuorum, run.CancellationToken);
        if (before.Leader.Length == 0)
        {
            throw new GroupUnavailableException($"{group.Name} has no leader who could hand over: {ClusterVerdict.ProblemOf(before)}. Look at it with 'liferaft status {group.Name}'.");
        }

        await group.TransferLeadership(to, run.CancellationToken);
        var after = await Looking.Until(
            connection, () => operations.Look(group.Name.ToString(), run.CancellationToken), report => report.Leader.Length > 0 && (to is null ? report.Leader != before.Leader : report.Leader == to), run.CancellationToken);
        run.Write(new { group = group.Name.ToString(), from = before.Leader, leader = after.Leader, term = after.Term.Value }, HandOver.Said(before, after, to));
        return ExitCodes.Done;
    }
}
