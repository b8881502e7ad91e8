using LifeRaft.Chaos;

namespace LifeRaft.Cluster.Tests;

/// <summary>Kills silos and starts them again, while clients write: what is killed when follows from the seed and from what was acknowledged.</summary>
internal sealed class KillRounds(ProcessCluster cluster, KillLedger ledger, Random random)
{
    /// <summary>The fewest writes that are acknowledged after everything runs again, before the next silo is killed.</summary>
    public const int WritesBetween = 100;

    // 16 rounds, 23 kills.
    private static readonly Kind[] _kinds =
    [
        .. Enumerable.Repeat(Kind.Any, 5),
        .. Enumerable.Repeat(Kind.Leader, 5),
        .. Enumerable.Repeat(Kind.Two, 3),
        .. Enumerable.Repeat(Kind.WhileStarting, 2),
        Kind.All,
    ];

    private enum Kind
    {
        /// <summary>One silo, down until some writes were acknowledged without it.</summary>
        Any,

        /// <summary>The same, and it was the leader's.</summary>
        Leader,

        /// <summary>One and then another: no quorum until they are back.</summary>
        Two,

        /// <summary>One, and again while it recovers.</summary>
        WhileStarting,

        /// <summary>All three at once.</summary>
        All,
    }

    public int Kills { get; private set; }

    /// <summary>How many writes were acknowledged from one round to the next.</summary>
    public List<int> Acknowledged { get; } = [];

    public async Task Run(Action<string> report, CancellationToken cancellationToken)
    {
        var kinds = _kinds.ToArray();
        random.Shuffle(kinds);
        foreach (var (number, kind) in kinds.Index())
        {
            cancellationToken.ThrowIfCancellationRequested();
            var before = ledger.Acknowledged;
            var silos = await Choose(kind);
            var round = $"round {number + 1}, {kind}: {string.Join(" and ", silos)}";
            await Run(kind, silos, round);
            await Written(WritesBetween, $"{round}, all silos run again");
            Acknowledged.Add(ledger.Acknowledged - before);
            report($"{round}: {Acknowledged[^1]} writes acknowledged; {ledger}");
        }
    }

    private async Task<IReadOnlyList<string>> Choose(Kind kind)
    {
        var silos = cluster.Silos.ToArray();
        random.Shuffle(silos);
        return kind switch
        {
            Kind.Leader => [ProcessCluster.SiloOf((await cluster.Leader()).Address)],
            Kind.Two => silos[..2],
            Kind.All => silos,
            _ => silos[..1],
        };
    }

    private async Task Run(Kind kind, IReadOnlyList<string> silos, string round)
    {
        switch (kind)
        {
            case Kind.Two:
                await Kill(silos[0]);
                await Kill(silos[1]);
                break;
            case Kind.WhileStarting:
                await Kill(silos[0]);
                await cluster.Begin(silos[0]).Opened();
                await Kill(silos[0]);
                break;
            case Kind.All:
                await Kill([.. silos]);
                break;
            default:
                await Kill(silos[0]);
                await Written(random.Next(20, 200), $"{round}, the silo is down");
                break;
        }

        await cluster.Start(silos);
    }

    private async Task Kill(params string[] silos)
    {
        await cluster.Kill(silos);
        Kills += silos.Length;
    }

    private Task Written(int more, string phase) => ledger.Reached(ledger.Acknowledged + more, phase, cluster.Describe);
}
