using System.CommandLine;

namespace LifeRaft.Cli;

/// <summary>The command <c>member</c>: who belongs to a group.</summary>
internal static class MemberCommand
{
    private static readonly Argument<string> _group = GroupArgument.Required();
    private static readonly Argument<string> _node = GroupArgument.Address("node", "The node's address, {name}@{silo}, for instance 4@silo-4.");
    private static readonly Argument<string> _old = GroupArgument.Address("member", "The address of the member that goes; its silo may be dead for good.");
    private static readonly Argument<string> _new = GroupArgument.Address("by", "The address of the node that comes.");

    private static readonly Option<bool> _learner = new("--learner") { Description = "Make it a learner, which replicates and does not vote; 'member make-voter' lets it vote later." };

    public static Command Create()
    {
        var list = new Command("list", "Lists the members of a group, with what the silos that answer say of them.") { _group };
        list.Runs(List);

        var add = new Command("add", "Makes a node a voter of the group, once it has caught up.") { _group, _node, _learner };
        add.Runs(Add);

        var makeVoter = new Command("make-voter", "Lets a learner vote, as soon as it has caught up.") { _group, _node };
        makeVoter.Aliases.Add("promote");
        makeVoter.Runs(MakeVoter);

        var remove = new Command("remove", "Removes a member from the group; its data are deleted.") { _group, _node };
        Confirmation.AddTo(remove);
        remove.Runs(Remove);

        var replace = new Command("replace", "Makes a node a voter in the place of a member: it catches up, then it comes and the other goes in one step.") { _group, _old, _new };
        Confirmation.AddTo(replace);
        replace.Runs(Replace);

        var command = new Command("member", "Shows and changes who belongs to a group.") { list, add, makeVoter, remove, replace };
        ClusterArguments.AddTo(command);
        return command;
    }

    private static async Task<int> List(CommandRun run)
    {
        await using var connection = await run.Connect();
        var group = await connection.Operations().Look(run.Get(_group)!, run.CancellationToken);
        run.Write(new { group = group.Name, id = group.Id.Value, members = group.Members.Select(Documents.Of).ToList() }, MembersTable.Listing(), group.Members);
        if (!run.IsJson)
        {
            foreach (var problem in group.Problems)
            {
                run.Output.WriteLine($"problem: {problem}");
            }
        }

        return ExitCodes.Done;
    }

    private static async Task<int> Add(CommandRun run)
    {
        await using var connection = await run.Connect();
        var group = connection.Group(run.Get(_group)!);
        var (isLearner, node) = (run.Get(_learner), run.Get(_node)!);
        var joined = isLearner
            ? await group.AddLearner(node, run.CancellationToken)
            : await CatchUpBar.While(run, group, node, () => group.AddVoter(node, run.CancellationToken));
        Say(run, group, joined, isLearner ? "learner" : "voter");
        return ExitCodes.Done;
    }

    private static async Task<int> MakeVoter(CommandRun run)
    {
        await using var connection = await run.Connect();
        var group = connection.Group(run.Get(_group)!);
        var node = run.Get(_node)!;
        Say(run, group, await CatchUpBar.While(run, group, node, () => group.MakeVoter(node, run.CancellationToken)), "voter");
        return ExitCodes.Done;
    }

    private static void Say(CommandRun run, RaftGroup group, JoinResult joined, string what) => run.Write(
        MembersTable.Changed(group, joined),
        joined.IsNew ? $"{joined.Member.Address} is a {what} of {group.Name} now." : $"{joined.Member.Address} was a {what} of {group.Name} already; nothing was changed.");

    private static async Task<int> Remove(CommandRun run)
    {
        await using var connection = await run.Connect();
        var (group, node) = (connection.Group(run.Get(_group)!), run.Get(_node)!);
        var report = await connection.Operations().Look(group.Name.ToString(), run.CancellationToken);
        if (await Confirmation.Refusal(run, RemovalPlan.Of(report, node)) is { } refusal)
        {
            return refusal;
        }

        var left = await group.Leave(node, run.CancellationToken);
        if (left is null)
        {
            await run.Error.WriteLineAsync($"{group.Name} has no member {node}; nothing was changed. Its members are {string.Join(", ", report.Members.Select(member => member.Address))}.");
            return ExitCodes.Failed;
        }

        run.Write(new { group = group.Name.ToString(), node, isRemoved = true }, $"{node} is no member of {group.Name} any more.");
        return ExitCodes.Done;
    }

    private static async Task<int> Replace(CommandRun run)
    {
        await using var connection = await run.Connect();
        var (group, old, by) = (connection.Group(run.Get(_group)!), run.Get(_old)!, run.Get(_new)!);
        var report = await connection.Operations().Look(group.Name.ToString(), run.CancellationToken);
        if (await Confirmation.Refusal(run, ReplacementPlan.Of(report, await group.Silos(run.CancellationToken), old, by)) is { } refusal)
        {
            return refusal;
        }

        var joined = await CatchUpBar.While(run, group, by, () => group.Replace(old, by, run.CancellationToken));
        run.Write(MembersTable.Changed(group, joined), joined.IsNew ? $"{by} is a voter of {group.Name} in the place of {old}." : $"{by} was a voter of {group.Name} already; nothing was changed.");
        return ExitCodes.Done;
    }
}
