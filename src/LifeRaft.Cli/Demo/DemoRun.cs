using System.Diagnostics;
using System.Globalization;

namespace LifeRaft.Cli;

/// <summary>The demo from its start to its end, step by step.</summary>
internal sealed class DemoRun(DemoSettings settings, DemoData data, DemoScreen screen, TimeProvider time)
{
    // The first writes meet code that is not compiled yet; they count as writes and not as latencies.
    private const int WarmUpWrites = 500;
    private const int SingleClientWrites = 2_000;

    // Of what one client leaves to be written, the share that many clients write before the leader is killed.
    private const double UndisturbedShare = 0.5;

    private readonly WriteLedger _ledger = new();
    private string _step = "starting";
    private Exception? _failureOfClient;

    public DemoFigures Figures { get; } = new();

    /// <summary>Runs; whatever happens, the silos are down when it returns, and the figures say what was wrong.</summary>
    public async Task Run(CancellationToken cancellationToken)
    {
        var begun = Stopwatch.GetTimestamp();
        using var deadline = new CancellationTokenSource(settings.Timeout, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            await RunSteps(stop);
            Figures.IsComplete = true;
        }
        catch (Exception failure)
        {
            if (!cancellationToken.IsCancellationRequested)
            {
                Figures.Problems.Add(Explain(_failureOfClient ?? failure, deadline.IsCancellationRequested));
            }
        }

        Figures.Acknowledged = _ledger.Acknowledged;
        Figures.TotalMs = Math.Round(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
        Figures.Data = data.IsKept ? data.Path : null;
    }

    private async Task RunSteps(CancellationTokenSource stop)
    {
        var poll = new Poll(time, stop.Token);
        var cluster = new DemoCluster(settings, data, poll, stop.Token);
        try
        {
            await using var clients = new WriteClients(cluster, _ledger, settings, time, Fail, stop.Token);
            await Start(cluster);
            await Form(cluster, poll);
            await WriteWithOne(clients, cluster);
            await WriteWithMany(clients);
            Begin("killing the leader while writing");
            await new LeaderLoss(cluster, _ledger, poll, screen, Figures).Run(clients, settings.Clients, settings.Writes);
            Begin("comparing what was acknowledged with what is there");
            await new Proof(cluster, _ledger, poll, screen, Figures).Run(stop.Token);
            Begin("stopping the silos");
        }
        finally
        {
            await cluster.DisposeAsync();
        }

        void Fail(Exception failure)
        {
            Interlocked.CompareExchange(ref _failureOfClient, failure, null);
            stop.Cancel();
        }
    }

    private string Explain(Exception failure, bool isLate) => failure is OperationCanceledException && isLate
        ? $"The demo was not over after {Duration.Format(settings.Timeout)}; it was {_step}. Give it longer with --timeout, or look at what holds it up."
        : $"While {_step}: {failure.GetType().Name}: {failure.Message}";

    private async Task Start(DemoCluster cluster)
    {
        Begin("starting three silos");
        screen.Title("LifeRaft demo: three silos in one process");
        screen.Title($"Logs in {data.Path}");
        await cluster.Start();
        screen.Done("three silos run, each with a durable log of its own");
    }

    private async Task Form(DemoCluster cluster, Poll poll)
    {
        Begin($"forming the group {DemoCluster.GroupName}");
        Figures.ElectedMs = LeaderLoss.Milliseconds(await cluster.Form());
        var nodes = await poll.Until(cluster.Look, nodes => nodes.Select(node => node.Leader).Distinct().Count() == 1 && nodes[0].Leader.Length > 0);
        screen.Done(string.Create(CultureInfo.InvariantCulture, $"{DemoCluster.GroupName} formed by Join; {nodes[0].Leader} leads, elected within {Figures.ElectedMs:0} ms"));
    }

    /// <summary>One client, at the leader's silo: what a durable write costs, and no hop more.</summary>
    private async Task WriteWithOne(WriteClients clients, DemoCluster cluster)
    {
        Begin("writing with one client");
        var leader = DemoCluster.SiloOf((await cluster.Leader()).Address);
        var client = cluster.Running.Select(silo => silo.Name).ToList().IndexOf(leader);
        await clients.WriteAs(client, () => _ledger.Sent < WarmUpWrites ? TimeSpan.Zero : null, WriteClients.Latencies());
        var latencies = WriteClients.Latencies();
        await clients.WriteAs(client, () => _ledger.Sent < WarmUpWrites + SingleClientWrites ? TimeSpan.Zero : null, latencies);
        (Figures.SingleClientWrites, Figures.P50Us, Figures.P99Us) = (latencies.TotalCount, latencies.GetValueAtPercentile(50), latencies.GetValueAtPercentile(99));
        screen.Done(string.Create(CultureInfo.InvariantCulture, $"1 client at the leader: {latencies.TotalCount:N0} writes, p50 {Figures.P50Us / 1000.0:0.00} ms, p99 {Figures.P99Us / 1000.0:0.00} ms"));
    }

    private async Task WriteWithMany(WriteClients clients)
    {
        Begin($"writing with {settings.Clients} clients");
        var remaining = settings.Writes - _ledger.Sent;
        var warm = _ledger.Sent + (int)(remaining * UndisturbedShare * 0.2);
        var end = _ledger.Sent + (int)(remaining * UndisturbedShare);
        await clients.Write(settings.Clients, () => _ledger.Sent < warm ? TimeSpan.Zero : null, WriteClients.Latencies());
        var latencies = WriteClients.Latencies();
        var begun = Stopwatch.GetTimestamp();
        await clients.Write(settings.Clients, () => _ledger.Sent < end ? TimeSpan.Zero : null, latencies);
        Figures.Clients = settings.Clients;
        Figures.WritesPerSecond = Math.Round(latencies.TotalCount / Stopwatch.GetElapsedTime(begun).TotalSeconds);
        (Figures.ClientsP50Us, Figures.ClientsP99Us) = (latencies.GetValueAtPercentile(50), latencies.GetValueAtPercentile(99));
        screen.Done(string.Create(CultureInfo.InvariantCulture, $"{settings.Clients} clients at all silos: {latencies.TotalCount:N0} writes, {Figures.WritesPerSecond:N0} per second"));
    }

    private void Begin(string step)
    {
        _step = step;
        var sentence = char.ToUpperInvariant(step[0]) + step[1..];
        screen.Now(() => _ledger.Acknowledged == 0 ? sentence : string.Create(CultureInfo.InvariantCulture, $"{sentence}: {_ledger.Acknowledged:N0} writes acknowledged"));
    }
}
