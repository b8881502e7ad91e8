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

    internal IEnumerable<SettingProblem> Problems()
    {
        const string Path = "Clustering:Redis:ConnectionString";
        if (ConnectionString.Length == 0)
        {
            return [new SettingProblem(Path, "is empty, but Clustering:Kind is 'Redis'. Write for instance 'localhost:6379'.")];
        }

        try
        {
            return ConfigurationOptions.Parse(ConnectionString).EndPoints.Count > 0 ? [] : [new SettingProblem(Path, "names no server. Write for instance 'localhost:6379'.")];
        }
        catch (ArgumentException failure)
        {
            return [new SettingProblem(Path, $"cannot be read: {failure.Message}")];
        }
    }
}
