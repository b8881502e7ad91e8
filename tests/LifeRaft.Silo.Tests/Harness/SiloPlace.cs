namespace LifeRaft.Silo.Tests;

/// <summary>A file of <c>silo-config/</c> and the place where a test runs it: free ports and a folder of its own, and all else as the file says.</summary>
/// <param name="ConfigurationFile">The file.</param>
/// <param name="Folder">Where the process is started, and so where its log lies.</param>
internal sealed record SiloPlace(string ConfigurationFile, string Folder)
{
    public int Port { get; init; } = Ports.Next();

    public int GatewayPort { get; init; } = Ports.Next();

    public int HttpPort { get; init; } = Ports.Next();

    /// <summary>http or https, as the file says.</summary>
    public string Scheme { get; init; } = "http";

    /// <summary>What the environment says besides.</summary>
    public IReadOnlyDictionary<string, string> More { get; init; } = new Dictionary<string, string>();

    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>(More)
    {
        ["LIFERAFT_Silo__Port"] = $"{Port}",
        ["LIFERAFT_Silo__GatewayPort"] = $"{GatewayPort}",
        ["LIFERAFT_Http__Url"] = $"{Scheme}://127.0.0.1:{HttpPort}",
    };
}
