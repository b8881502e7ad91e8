using System.Globalization;
using System.Net;

namespace LifeRaft.TestSilo;

/// <summary>What a silo is told by who starts it.</summary>
/// <param name="Name">The silo's name, to which its nodes are pinned.</param>
/// <param name="Port">The port for other silos, on the loopback interface.</param>
/// <param name="Gateway">The port for clients; 0 for none.</param>
/// <param name="Primary">The silo that holds the membership table.</param>
/// <param name="Data">The directory of the log; survives the process.</param>
/// <param name="Log">The kind of log store.</param>
/// <param name="SnapshotAfter">Entries after which a node takes a snapshot; it keeps a tenth of that behind it.</param>
/// <param name="Locks">What it does with locks.</param>
/// <param name="Clustering">
/// The voters of the membership table, <c>silo-1=127.0.0.1:20010,silo-2=...</c>; empty for the table of the primary.
/// </param>
/// <param name="Cluster">The cluster's id.</param>
/// <param name="Evicts">Whether silos that do not answer are counted out, as Orleans does by default; else they count as running for minutes.</param>
public sealed record SiloArguments(
    string Name, int Port, int Gateway, IPEndPoint Primary, string Data, SiloLog Log, int SnapshotAfter = 100_000, SiloLocks Locks = SiloLocks.Kept,
    string Clustering = "", string Cluster = TestMembership.Cluster, bool Evicts = false)
{
    public IEnumerable<string> ToCommandLine() =>
    [
        "--name", Name, "--port", Text(Port), "--gateway", Text(Gateway), "--primary", Primary.ToString(), "--data", Data, "--log", Log.ToString(),
        "--snapshot-after", Text(SnapshotAfter), "--locks", Locks.ToString(), "--clustering", Clustering, "--cluster", Cluster,
        "--evicts", Evicts ? "true" : "false",
    ];

    public static SiloArguments Parse(string[] arguments)
    {
        var given = arguments.Chunk(2).ToDictionary(pair => pair[0], pair => pair[^1]);
        return new SiloArguments(
            Required("--name"),
            Number(Required("--port")),
            Number(given.GetValueOrDefault("--gateway", "0")),
            IPEndPoint.Parse(Required("--primary")),
            Required("--data"),
            Enum.Parse<SiloLog>(given.GetValueOrDefault("--log", nameof(SiloLog.RocksDb)), ignoreCase: true),
            Number(given.GetValueOrDefault("--snapshot-after", "100000")),
            Enum.Parse<SiloLocks>(given.GetValueOrDefault("--locks", nameof(SiloLocks.Kept)), ignoreCase: true),
            given.GetValueOrDefault("--clustering", ""),
            given.GetValueOrDefault("--cluster", TestMembership.Cluster),
            bool.Parse(given.GetValueOrDefault("--evicts", "false")));

        string Required(string name) => given.TryGetValue(name, out var value) ? value : throw new ArgumentException($"{name} is missing.");
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
