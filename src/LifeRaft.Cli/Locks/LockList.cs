using System.CommandLine;
using System.Globalization;

namespace LifeRaft.Cli;

/// <summary><c>lock list</c>.</summary>
internal static class LockList
{
    private static readonly Argument<string?> _prefix = new("prefix")
    {
        Description = "What the names begin with. [default: all names]",
        Arity = ArgumentArity.ZeroOrOne,
    };

    public static Command Create()
    {
        var command = new Command("list", "Lists the locks and elections that somebody holds or waits for.") { _prefix };
        ReadOptions.AddTo(command);
        command.Runs(Run);
        return command;
    }

    private static async Task<int> Run(CommandRun run)
    {
        await using var connection = await run.Connect();
        var source = await ReadOptions.Source(run, connection.Group(run.Get(LocksCommand.Group)!));
        await using var locks = new RaftLocks(source);
        var states = new List<LockState>();
        await foreach (var state in locks.List(run.Get(_prefix) ?? "", run.CancellationToken))
        {
            states.Add(state);
        }

        var listing = new Listing<LockState>()
            .Column("lock", state => TerminalText.Of(state.Name))
            .Column("held as", HeldAs)
            .Column("holders", state => Number(state.HolderCount), isRight: true)
            .Column("waiting", state => Number(state.WaiterCount), isRight: true)
            .Column("token", state => state.Holders.Count == 0 ? "-" : Number(state.Holders[^1].Token.Value), isRight: true)
            .Column("holder", state => string.Join(", ", state.Holders.Select(holder => ByteText.Show(holder.Value.Span, 80))));
        run.Write(new { locks = states.Select(Document), stale = ReadOptions.Document(source) }, listing, states);
        await ReadOptions.TellAge(run, source);
        if (!run.IsJson && states.Count == 0)
        {
            await run.Error.WriteLineAsync("Nobody holds a lock or waits for one.");
        }

        return ExitCodes.Done;
    }

    private static object Document(LockState state) => new
    {
        name = state.Name,
        permits = state.Limit == 0 ? null : (int?)state.Limit,
        holderCount = state.HolderCount,
        waiterCount = state.WaiterCount,
        holders = state.Holders.Select(holder => new
        {
            fencingToken = holder.Token.Value,
            mode = holder.Mode,
            value = ByteText.Of(holder.Value.Span),
            valueBase64 = Convert.ToBase64String(holder.Value.Span),
        }),
    };

    private static string HeldAs(LockState state) =>
        state.Limit > 0 ? $"semaphore of {state.Limit}" : state.Holders.Count == 0 ? "-" : state.Holders[0].Mode.ToString().ToLowerInvariant();

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
