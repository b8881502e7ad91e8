using StackExchange.Redis;

namespace LifeRaft.Silo;

/// <summary>A cluster whose table is kept in Redis.</summary>
public sealed class RedisClusteringSettings
{
    /// <summary>How to reach Redis.</summary>
    /// <value>
    /// As StackExchange.Redis writes it, <c>host:6379,password=...,ssl=true</c>. No default. A secret: give it by the environment,
    /// <c>LIFERAFT_Clustering__Redis__ConnectionString</c>.
    /// </value>
    [Secret]
    public string ConnectionString { get; set; } = "";

    internal IEnumerable<SettingProblem> Problems() => ConnectionString.Length == 0
        ? [new SettingProblem("Clustering:Redis:ConnectionString", "is empty, but Clustering:Kind is 'Redis'. Write for instance 'localhost:6379'.")]
        : SettingRules.ReadableSecret("Clustering:Redis:ConnectionString", () => ConfigurationOptions.Parse(ConnectionString));
}
