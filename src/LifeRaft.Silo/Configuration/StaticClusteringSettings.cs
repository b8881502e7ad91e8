namespace LifeRaft.Silo;

/// <summary>A cluster whose table is kept by one of its silos.</summary>
public sealed class StaticClusteringSettings
{
    /// <summary>The silo that keeps it, by its address and its <see cref="SiloSettings.Port"/>.</summary>
    /// <value><c>{address}:{port}</c>; <c>127.0.0.1:11111</c> by default. When that silo goes the others terminate themselves.</value>
    public string Primary { get; set; } = "127.0.0.1:11111";

    internal IEnumerable<SettingProblem> Problems() => SettingRules.EndPoint("Clustering:Static:Primary", Primary);
}
