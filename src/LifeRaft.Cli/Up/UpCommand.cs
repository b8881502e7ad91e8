using System.CommandLine;

namespace LifeRaft.Cli;

/// <summary>The command <c>up</c>: a cluster to play with, in this process, for as long as it runs.</summary>
internal static class UpCommand
{
    private const int MostSilos = 9;
    private static readonly UpSettings _defaults = new();

    private static readonly Option<int> _silos = NumberOption.Create("--silos", 1, MostSilos, _defaults.Silos, $"How many silos, up to {MostSilos}.");

    private static readonly Option<int> _ports = NumberOption.Create("--ports", 0, ushort.MaxValue - MostSilos, _defaults.FirstPort, "The port of the first gateway; the others follow. 0 for free ones.");

    private static readonly Option<int> _dashboardPort = NumberOption.Create("--dashboard-port", 0, ushort.MaxValue, 8080, "The port of the dashboard. 0 for a free one.");

    private static readonly Option<bool> _noDashboard = new("--no-dashboard") { Description = "Leave the dashboard out." };

    private static readonly Option<bool> _dashboardActions = new("--dashboard-actions") { Description = "Let whoever opens the dashboard change things: move leaders, add and remove members, drain silos." };

    private static readonly Option<string?> _data = new("--data")
    {
        Description = "Where the logs lie; what is there goes on to be used, and stays. [default: a temporary directory that is removed at the end]",
        HelpName = "directory",
    };

    private static readonly UsualOption<TimeSpan> _timeout = DurationOption.Create("--timeout", TimeSpan.FromMilliseconds(1), TimeSpan.FromDays(1), _defaults.Timeout, "How long it may take until every group has its members and a leader.");

    public static Command Create()
    {
        var command = new DetailedCommand("up", "Starts a cluster to play with in this process.", "It is on 127.0.0.1, and runs until Ctrl-C, which is exit code 0. With -o json it prints one line when it is ready.")
        {
            _silos, _ports, _data, _dashboardPort, _noDashboard, _dashboardActions, _timeout,
        };
        command.Runs(run => Run(
            run,
            new UpSettings
            {
                Silos = run.Get(_silos),
                FirstPort = run.Get(_ports),
                DashboardPort = run.Get(_noDashboard) ? null : run.Get(_dashboardPort),
                DashboardActions = run.Get(_dashboardActions),
                Directory = run.Get(_data),
                Timeout = run.Get(_timeout),
            },
            TimeProvider.System));
        return command;
    }

    private static async Task<int> Run(CommandRun run, UpSettings settings, TimeProvider time)
    {
        using var data = UpData.Open(settings.Directory);
        await using (var cluster = await Start(settings, data, time, run.CancellationToken))
        {
            await using var dashboard = settings.DashboardPort is { } port ? await UpDashboard.Start(cluster.Grains, port, settings.DashboardActions, run.CancellationToken) : null;
            UpText.Write(run, settings, data, cluster, dashboard?.Url);
            var stopped = new TaskCompletionSource();
            await using var registration = run.CancellationToken.Register(stopped.SetResult);
            await stopped.Task;
        }

        if (!run.IsJson)
        {
            run.Output.WriteLine(data.IsTemporary ? "Stopped; the logs are removed." : $"Stopped; the logs are in {data.Path}.");
        }

        return ExitCodes.Done;
    }

    private static async Task<UpCluster> Start(UpSettings settings, UpData data, TimeProvider time, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(settings.Timeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            return await UpCluster.Start(settings, data, time, both.Token);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new IOException($"The cluster was not ready after {Duration.Format(settings.Timeout)}. Give it longer with --timeout, or look at how busy this machine is.");
        }
    }
}
