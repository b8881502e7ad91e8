namespace LifeRaft.Chaos;

/// <summary>
/// Deals faults: every kind once, in an order that the seed decides, and then all of them again. Which silos, and for how long, the seed
/// decides too, but for who leads.
/// </summary>
internal sealed class FaultDeck(ProcessCluster cluster, IReadOnlyList<FaultKind> kinds, Random random)
{
    private static readonly TimeSpan _election = ChaosSettings.Timings.ElectionMax;

    private readonly Queue<FaultKind> _deck = new();

    private int Minority => (cluster.Silos.Count - 1) / 2;

    public async Task<Fault> Deal()
    {
        if (_deck.Count == 0)
        {
            var shuffled = kinds.ToArray();
            random.Shuffle(shuffled);
            shuffled.ToList().ForEach(_deck.Enqueue);
        }

        var kind = _deck.Dequeue();
        var silos = cluster.Silos.ToArray();
        random.Shuffle(silos);
        var leader = ProcessCluster.SiloOf((await cluster.Leader(cluster.Groups[random.Next(cluster.Groups.Count)])).Address);
        var isLeaderFirst = random.Next(2) == 0;
        var suspect = isLeaderFirst ? leader : silos[0];
        return kind switch
        {
            FaultKind.KillOne => new KillFault(kind, cluster, silos[..1], Between(0.2, 2)),
            FaultKind.KillLeader => new KillFault(kind, cluster, [leader], Between(0.2, 2)),
            FaultKind.KillMinority => new KillFault(kind, cluster, silos[..Minority], Between(0.2, 2)),
            FaultKind.KillAll => new KillFault(kind, cluster, silos, TimeSpan.Zero),
            FaultKind.PauseOne => new PauseFault(kind, cluster, silos[..1], Between(0.3, 3)),
            FaultKind.PauseLeader => new PauseFault(kind, cluster, [leader], Between(0.3, 3)),
            FaultKind.PauseMinority => new PauseFault(kind, cluster, silos[..Minority], Between(0.3, 3)),
            FaultKind.StallOneWay => OneWay(kind, suspect, isCut: false),
            FaultKind.StallBothWays => BothWays(kind, suspect, isCut: false),
            FaultKind.CutOneWay => OneWay(kind, suspect, isCut: true),
            FaultKind.CutBothWays => BothWays(kind, suspect, isCut: true),
            FaultKind.BreakSomeLinks => SomeLinks(silos),
            FaultKind.Split => Split(silos),
            FaultKind.FillDisk => new DiskFault(kind, cluster, silos.FirstOrDefault(cluster.Disks.ContainsKey) ?? silos[0], Between(0.2, 2)),
            _ => new DiskFault(kind, cluster, suspect, Between(0.2, 2)),
        };
    }

    private LinkFault OneWay(FaultKind kind, string silo, bool isCut)
    {
        // Who cannot be dialled is no other case than who cannot dial: with all others it would be the same list, seen from them.
        var sends = isCut || random.Next(2) == 0;
        var links = Others(silo).Select(other => sends ? new BrokenLink(silo, other, isCut) : new BrokenLink(other, silo, isCut));
        var what = isCut ? "can dial nobody" : sends ? "is not heard" : "hears nobody";
        return Links(kind, links, $"{silo} {what}");
    }

    private LinkFault BothWays(FaultKind kind, string silo, bool isCut) =>
        Links(kind, Others(silo).SelectMany(other => BrokenLink.BothWays(silo, other, isCut)), $"{silo} from all others");

    private LinkFault SomeLinks(string[] silos)
    {
        var pairs = silos.SelectMany(from => silos.Where(to => to != from).Select(to => (from, to))).ToArray();
        random.Shuffle(pairs);
        var links = pairs[..random.Next(2, (pairs.Length / 2) + 1)].Select(pair => new BrokenLink(pair.from, pair.to, IsCut: random.Next(2) == 0)).ToList();
        return Links(FaultKind.BreakSomeLinks, links, string.Join(", ", links));
    }

    private LinkFault Split(string[] silos)
    {
        var isCut = random.Next(2) == 0;
        var parts = silos.Chunk(Math.Max(1, Minority)).ToList();
        var links = parts.SelectMany(part => part.SelectMany(one => silos.Except(part).Select(other => new BrokenLink(one, other, isCut))));
        return Links(FaultKind.Split, links, $"{string.Join(" | ", parts.Select(part => string.Join(", ", part)))}, {(isCut ? "cut" : "stalled")}");
    }

    private LinkFault Links(FaultKind kind, IEnumerable<BrokenLink> links, string what) => new(kind, cluster, [.. links], what, Between(0.5, 3));

    private IEnumerable<string> Others(string silo) => cluster.Silos.Where(other => other != silo);

    private TimeSpan Between(double least, double most) => _election * (least + (random.NextDouble() * (most - least)));
}
