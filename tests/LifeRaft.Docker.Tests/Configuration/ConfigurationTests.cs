using System.Text.Json.Nodes;

namespace LifeRaft.Docker.Tests;

/// <summary>Every key and every LIFERAFT_ variable of docker/ is one that the silo knows, and they fit what surrounds them.</summary>
public class ConfigurationTests
{
    [Fact]
    public void The_images_own_configuration_is_a_silo_by_itself()
    {
        var settings = EffectiveConfiguration.Of(Tree.PathOf("docker/single.json"), ImageConfiguration.Environment);
        Assert.Equal("Localhost", settings.TextAt("Clustering/Kind"));
        Fits(settings, ["8080", "11111", "30000"]);
    }

    [Fact]
    public void A_variable_that_the_silo_does_not_know_would_be_noticed()
    {
        var answer = EffectiveConfiguration.Check(Tree.PathOf("docker/single.json"), new Dictionary<string, string> { ["LIFERAFT_Silo__Adress"] = "10.0.0.1" });
        Assert.NotEqual(0, answer.ExitCode);
        Assert.Contains("LIFERAFT_Silo__Adress", answer.Output, StringComparison.Ordinal);
    }

    /// <summary>The log is in the volume, everybody is heard on the ports that are opened, and the tool finds the gateway on the loopback address.</summary>
    private static void Fits(JsonNode settings, IReadOnlyList<string> ports)
    {
        Assert.Equal("RocksDb", settings.TextAt("Log/Kind"));
        Assert.StartsWith($"{ImageConfiguration.Volume}/", settings.TextAt("Log/Directory"), StringComparison.Ordinal);
        Assert.Contains(settings.TextAt("Silo/Port"), ports);
        Assert.Contains(settings.TextAt("Silo/GatewayPort"), ports);
        Assert.Equal("true", settings.TextAt("Silo/ListenOnAnyAddress"));
        Assert.Equal("http://*:8080", settings.TextAt("Http/Url"));
        Assert.Contains("8080", ports);
        Assert.NotEmpty(settings.At("LifeRaft/Groups").Keys());
    }
}
