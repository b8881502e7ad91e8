using System.Text.Json.Nodes;

namespace LifeRaft.Docker.Tests;

/// <summary>Every key and every LIFERAFT_ variable of docker/ is one that the silo knows, and they fit what surrounds them.</summary>
public sealed class ConfigurationTests : IDisposable
{
    private readonly ComposeFile _compose = new(ComposeFile.Silos);
    private readonly Manifests _manifests = new();
    private readonly string _file = Path.GetTempFileName();

    [Fact]
    public void The_images_own_configuration_is_a_silo_by_itself()
    {
        var settings = EffectiveConfiguration.Of(Tree.PathOf("docker/single.json"), ImageConfiguration.Environment);
        Assert.Equal("Localhost", settings.TextAt("Clustering/Kind"));
        Fits(settings, ["8080", "11111", "30000"]);
    }

    [Theory]
    [InlineData("silo-1")]
    [InlineData("silo-2")]
    [InlineData("silo-3")]
    public void Each_silo_of_compose_starts_with_its_file_and_its_variables(string name)
    {
        var service = _compose.Services[name];
        var file = _compose.Section("configs")[service["configs"].At("0/source")!.ToString()].TextAt("file");
        var settings = EffectiveConfiguration.Of(Tree.PathOf($"docker/{file}"), ComposeFile.EnvironmentOf(service));
        Assert.Equal(name, settings.TextAt("Silo/Name"));
        Assert.Equal(service.TextAt("networks/liferaft/ipv4_address"), settings.TextAt("Silo/Address"));
        Fits(settings, ["8080", "11111", "30000", "12111"]);
        LetsTheRunbooksWork(settings);

        // Docker's name server knows the services by their names.
        var voters = settings.At("Clustering/LifeRaft/Voters");
        Assert.Equal(_compose.SiloServices.Keys.Order(), voters.Keys().Order());
        Assert.All(voters.Keys(), voter => Assert.Equal($"{voter}:12111", voters.TextAt(voter)));
        Assert.True(GoDuration.Parse(service.TextAt("stop_grace_period")) > GracePeriodOf(settings));
    }

    [Fact]
    public void Each_pod_starts_with_the_config_map_and_its_variables()
    {
        File.WriteAllText(_file, _manifests.Configuration.Data["silo.json"]);
        var pods = Enumerable.Range(0, _manifests.StatefulSet.Spec.Replicas!.Value).Select(index => $"{_manifests.StatefulSet.Metadata.Name}-{index}").ToList();
        var environment = _manifests.Silo.Env.ToDictionary(variable => variable.Name, variable => variable.ValueFrom.FieldRef.FieldPath switch
        {
            "metadata.name" => pods[0],
            "status.podIP" => "10.1.2.3",
            var other => throw new InvalidOperationException($"What is {other}?"),
        });
        var settings = EffectiveConfiguration.Of(_file, environment);
        LetsTheRunbooksWork(settings);
        Fits(settings, [.. _manifests.Silo.Ports.Select(port => $"{port.ContainerPort}")]);

        // The name that a headless Service gives a pod.
        var voters = settings.At("Clustering/LifeRaft/Voters");
        Assert.Equal(pods, voters.Keys());
        Assert.All(pods, pod => Assert.Equal($"{pod}.{_manifests.Headless.Metadata.Name}:12111", voters.TextAt(pod)));
        Assert.True(TimeSpan.FromSeconds(_manifests.Pod.Spec.TerminationGracePeriodSeconds!.Value - _manifests.Silo.Lifecycle.PreStop.Sleep.Seconds) > GracePeriodOf(settings));
        Assert.Contains($"{_manifests.Silo.VolumeMounts.Single(mount => mount.Name == "configuration").MountPath}/silo.json", _manifests.Silo.Args);
    }

    [Fact]
    public void A_variable_that_the_silo_does_not_know_would_be_noticed()
    {
        var answer = EffectiveConfiguration.Check(Tree.PathOf("docker/single.json"), new Dictionary<string, string> { ["LIFERAFT_Silo__Adress"] = "10.0.0.1" });
        Assert.NotEqual(0, answer.ExitCode);
        Assert.Contains("LIFERAFT_Silo__Adress", answer.Output, StringComparison.Ordinal);
    }

    public void Dispose() => File.Delete(_file);

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

    /// <summary>"Replace a dead silo" replaces and removes members with the tool, which is a client.</summary>
    private static void LetsTheRunbooksWork(JsonNode settings) => Assert.Equal("true", settings.TextAt("LifeRaft/AllowDestructiveCallsFromClients"));

    private static TimeSpan GracePeriodOf(JsonNode settings) => Duration.ParseSetting(settings.TextAt("Silo/GracePeriod"));
}
