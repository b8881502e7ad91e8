using System.CommandLine;

namespace LifeRaft.Cli;

/// <summary>The command <c>group</c>: founds and deletes groups.</summary>
internal static class GroupCommand
{
    private static readonly Argument<string> _group = GroupArgument.Required();

    private static readonly Argument<string[]> _addresses = GroupArgument.Addresses("addresses", "The nodes that become its members, for instance 1@silo-1 2@silo-2 3@silo-3, each on a silo that runs; or see --members.");

    private static readonly Option<long?> _members = NumberOption.Create("--members", 1, 9, "So many members, on silos that run. [default: 3, without addresses]");

    public static Command Create()
    {
        var create = new Command("create", "Founds a group. Repeated with the same members it changes nothing.") { _group, _addresses, _members };
        create.Validators.Add(result =>
        {
            if (result.GetResult(_members) is not null && result.GetResult(_addresses) is { Tokens.Count: > 0 })
            {
                result.AddError("Name the members' addresses, or how many --members there are to be, not both.");
            }
        });
        create.Runs(Found);

        var delete = new Command("delete", "Deletes a group and its data on every member. A silo that is down learns of it when it returns.") { _group };
        Confirmation.AddTo(delete);
        delete.Runs(Delete);

        var command = new Command("group", "Founds and deletes groups.") { create, delete };
        ClusterArguments.AddTo(command);
        return command;
    }

    private static async Task<int> Found(CommandRun run)
    {
        await using var connection = await run.Connect();
        var group = connection.Group(run.Get(_group)!);
        var members = run.Get(_addresses) is { Length: > 0 } addresses
            ? await group.Create(addresses, null, run.CancellationToken)
            : await group.Create((int)(run.Get(_members) ?? 3), run.CancellationToken);
        run.Write(
            new { group = group.Name.ToString(), members = members.Select(member => new { member.Address, id = member.Id.Value, member.IsVoter }).ToList() },
            $"{group.Name} has the members {string.Join(", ", members.Select(member => member.Address))}.");
        return ExitCodes.Done;
    }

    private static async Task<int> Delete(CommandRun run)
    {
        await using var connection = await run.Connect();
        var group = connection.Group(run.Get(_group)!);
        var report = await connection.Operations().Look(group.Name.ToString(), run.CancellationToken);
        var plan = $"{group.Name} (id {report.Id}) would be deleted with all of its {Figures.Of(report.Commit.Value)} entries, on {string.Join(", ", report.Members.Select(member => member.Address))}.";
        if (await Confirmation.Refusal(run, plan) is { } refusal)
        {
            return refusal;
        }

        await group.Delete(run.CancellationToken);
        run.Write(new { group = group.Name.ToString(), id = report.Id.Value, isDeleted = true }, $"{group.Name} is deleted.");
        return ExitCodes.Done;
    }
}
