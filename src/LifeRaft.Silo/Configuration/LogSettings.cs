namespace LifeRaft.Silo;

/// <summary>Where the logs of a silo's nodes are kept.</summary>
public sealed class LogSettings
{
    /// <summary>The store.</summary>
    /// <value>RocksDb by default. InMemory forgets everything with the process: for trying things out.</value>
    public LogKind Kind { get; set; } = LogKind.RocksDb;

    /// <summary>The directory of the store, which belongs to this silo alone. Relative paths begin where the process was started.</summary>
    /// <value><c>data</c> by default. A local disk: each acknowledged write waits for a sync of it. Created when it does not exist.</value>
    public string Directory { get; set; } = "data";

    internal IEnumerable<SettingProblem> Problems() => Kind == LogKind.RocksDb ? SettingRules.NotEmpty("Log:Directory", Directory) : [];
}
