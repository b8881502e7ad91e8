using System.Globalization;

namespace LifeRaft.Benchmarks;

/// <summary>What a silo of the benchmark is told.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Port">The port for other silos, on the loopback interface.</param>
/// <param name="Gateway">The port for clients.</param>
/// <param name="Voters">The voters of the membership table, by silo.</param>
/// <param name="Data">The directory of its log.</param>
/// <param name="Log">The kind of its log: <c>wal</c> or <c>rocksdb</c>.</param>
/// <param name="KeepsLog">Whether a snapshot is taken only when one is asked for, and nothing before it stays in the log.</param>
/// <param name="MostPending">How many requests to a node may be unanswered; null for the default.</param>
internal sealed record SiloSettings(string Name, int Port, int Gateway, IReadOnlyDictionary<string, string> Voters, string Data, string Log, bool KeepsLog, int? MostPending)
{
    public const string GroupName = "kv/bench";

    public static IReadOnlyList<string> Names { get; } = ["silo-1", "silo-2", "silo-3"];

    public static IReadOnlyList<string> Logs { get; } = ["wal", "rocksdb"];

    /// <summary>Three silos of one cluster.</summary>
    public static IReadOnlyList<SiloSettings> Three(string directory, string log, bool keepsLog = false, int? mostPending = null)
    {
        var voters = Names.ToDictionary(name => name, _ => $"127.0.0.1:{Ports.Free()}");
        return [.. Names.Select(name => new SiloSettings(name, Ports.Free(), Ports.Free(), voters, Path.Combine(directory, name), log, keepsLog, mostPending))];
    }

    public IReadOnlyList<string> ToArguments() =>
    [
        Name, Port.ToString(CultureInfo.InvariantCulture), Gateway.ToString(CultureInfo.InvariantCulture),
        string.Join(',', Voters.Select(voter => $"{voter.Key}={voter.Value}")), Data, Log, KeepsLog.ToString(), MostPending?.ToString(CultureInfo.InvariantCulture) ?? "default",
    ];

    public static SiloSettings Parse(IReadOnlyList<string> arguments) => new(
        arguments[0],
        int.Parse(arguments[1], CultureInfo.InvariantCulture),
        int.Parse(arguments[2], CultureInfo.InvariantCulture),
        arguments[3].Split(',').Select(voter => voter.Split('=')).ToDictionary(parts => parts[0], parts => parts[1]),
        arguments[4],
        arguments[5],
        bool.Parse(arguments[6]),
        int.TryParse(arguments[7], CultureInfo.InvariantCulture, out var mostPending) ? mostPending : null);
}
