using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace LifeRaft.Cli;

/// <summary>What the demo has measured and found. A figure that a run did not get to is null.</summary>
internal sealed class DemoFigures
{
    private static readonly JsonSerializerOptions _json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Whether the run came to its end and found nothing wrong.</summary>
    public bool Held => IsComplete && Problems.Count == 0;

    /// <summary>What was wrong, one sentence each.</summary>
    public List<string> Problems { get; } = [];

    /// <summary>Writes of which a client was told that they are done.</summary>
    public int Acknowledged { get; set; }

    /// <summary>Acknowledged writes that are not there, or are there with another value.</summary>
    public int? Lost { get; set; }

    /// <summary>Writes that were applied more than once.</summary>
    public long? Duplicated { get; set; }

    /// <summary>Writes whose client was told that nobody knows, or was told nothing.</summary>
    public int? Unknown { get; set; }

    /// <summary>How many of those turned out to be there.</summary>
    public int? UnknownApplied { get; set; }

    /// <summary>Commands that the group's state machine has counted.</summary>
    public long? CommandsApplied { get; set; }

    /// <summary>From the first Join until there was a leader.</summary>
    public double? ElectedMs { get; set; }

    /// <summary>From the kill until another node said that it leads.</summary>
    public double? NewLeaderMs { get; set; }

    /// <summary>From the kill until a write that was sent after it was acknowledged.</summary>
    public double? LeaderlessMs { get; set; }

    /// <summary>Entries that the killed node had missed when it was back.</summary>
    public long? MissedEntries { get; set; }

    /// <summary>From the start of the killed silo until its node had applied what the leader had.</summary>
    public double? CaughtUpMs { get; set; }

    /// <summary>Writes of the single client that were measured.</summary>
    public long? SingleClientWrites { get; set; }

    /// <summary>Median of a durable write of the single client.</summary>
    public long? P50Us { get; set; }

    /// <summary>99th percentile of the same.</summary>
    public long? P99Us { get; set; }

    /// <summary>How many clients wrote at once.</summary>
    public int? Clients { get; set; }

    /// <summary>Durable writes per second of all of them, before anything was killed.</summary>
    public double? WritesPerSecond { get; set; }

    /// <summary>Median of a durable write among so many clients.</summary>
    public long? ClientsP50Us { get; set; }

    /// <summary>99th percentile of the same.</summary>
    public long? ClientsP99Us { get; set; }

    /// <summary>By node, the last log entry that its state reflects.</summary>
    public SortedDictionary<string, long> StateIndex { get; } = new(StringComparer.Ordinal);

    /// <summary>By node, the hash of its state at that entry.</summary>
    public SortedDictionary<string, string> StateHash { get; } = new(StringComparer.Ordinal);

    /// <summary>How long the run took.</summary>
    public double? TotalMs { get; set; }

    /// <summary>Where the data were left; null if they are removed.</summary>
    public string? Data { get; set; }

    /// <summary>Whether all was done and looked at.</summary>
    [JsonIgnore]
    public bool IsComplete { get; set; }

    public string ToJson() => JsonSerializer.Serialize(this, _json);
}
