namespace LifeRaft.Cli;

/// <summary>A bar while a member that comes is sent what it lacks.</summary>
internal static class CatchUpBar
{
    private const int Steps = 1_000;

    public static Task<JoinResult> While(CommandRun run, RaftGroup group, string node, Func<Task<JoinResult>> change) =>
        ProgressBar.While(run, $"{node} catches up", progress =>
        {
            group.CatchingUp = new Told(seen => progress((long)(Share(seen) * Steps), Steps));
            return change();
        });

    /// <summary>A snapshot stands for the entries up to it, which are nearly all.</summary>
    private static double Share(CatchUp seen) => seen.Snapshot ?? (seen.Last.Value == 0 ? 0 : (double)seen.Match.Value / seen.Last.Value);

    private sealed class Told(Action<CatchUp> report) : IProgress<CatchUp>
    {
        public void Report(CatchUp value) => report(value);
    }
}
