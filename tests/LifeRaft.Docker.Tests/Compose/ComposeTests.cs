using System.Net;
using System.Text.Json.Nodes;

namespace LifeRaft.Docker.Tests;

/// <summary>What Compose itself would refuse, and what it would accept although it is not meant.</summary>
public class ComposeTests
{
    private readonly ComposeFile _silos = new(ComposeFile.Silos);
    private readonly ComposeFile _all = new(ComposeFile.Silos, ComposeFile.Observability);

    [Fact]
    public void There_are_three_silos() => Assert.Equal(["silo-1", "silo-2", "silo-3"], _silos.Services.Keys.Order());

    [Theory]
    [InlineData("networks")]
    [InlineData("configs")]
    [InlineData("volumes")]
    public void What_a_service_refers_to_exists_and_what_exists_is_referred_to(string section)
    {
        var used = _all.Services.Values.SelectMany(service => References(service, section)).Distinct().Order();
        Assert.Equal(_all.Section(section).Keys.Order(), used);
    }

    [Fact]
    public void The_file_of_each_config_exists()
    {
        foreach (var (name, config) in _all.Section("configs"))
        {
            Assert.True(File.Exists(Path.Combine(Tree.Root, "docker", config.TextAt("file"))), $"The config {name} is the file {config.TextAt("file")}, which does not exist.");
        }
    }

    [Fact]
    public void Each_silo_has_a_volume_of_its_own_for_its_log()
    {
        var volumes = _silos.SiloServices.Values.SelectMany(service => service["volumes"].Texts()).ToList();
        Assert.Equal(_silos.SiloServices.Count, volumes.Distinct().Count());
        Assert.All(volumes, volume => Assert.EndsWith(":/data", volume, StringComparison.Ordinal));
        Assert.All(_silos.Section("volumes"), volume => Assert.Equal($"liferaft-{volume.Key}", volume.Value.TextAt("name")));
    }

    [Fact]
    public void Each_silo_has_an_address_of_its_own_in_the_network_and_advertises_it()
    {
        var subnet = IPNetwork.Parse(_silos.Root.TextAt("networks/liferaft/ipam/config/0/subnet"));
        foreach (var (name, service) in _silos.SiloServices)
        {
            var address = service.TextAt("networks/liferaft/ipv4_address");
            Assert.True(subnet.Contains(IPAddress.Parse(address)), $"{name}: {address} is not in {subnet}.");
            Assert.Equal(address, service.TextAt("environment/LIFERAFT_Silo__Address"));
            Assert.Equal(name, service.TextAt("environment/LIFERAFT_Silo__Name"));
            Assert.Equal(name, service.TextAt("hostname"));
        }

        Assert.Equal(3, _silos.SiloServices.Values.Select(service => service.TextAt("networks/liferaft/ipv4_address")).Distinct().Count());
    }

    [Fact]
    public void Ports_are_published_on_the_loopback_address_only_and_none_twice()
    {
        var published = _all.Services.Values.SelectMany(service => service["ports"].Texts()).ToList();
        Assert.All(published, port => Assert.StartsWith("127.0.0.1:", port, StringComparison.Ordinal));
        Assert.Equal(published.Count, published.Select(port => port.Split(':')[1]).Distinct().Count());
    }

    [Fact]
    public void Of_a_silo_only_the_http_port_is_published() =>
        Assert.All(_silos.SiloServices.Values, service => Assert.EndsWith(":8080", Assert.Single(service["ports"].Texts()), StringComparison.Ordinal));

    [Fact]
    public void No_service_can_write_outside_its_volumes_or_gain_a_privilege() => Assert.All(_all.Services.Values, service =>
    {
        Assert.Equal("true", service.TextAt("read_only"));
        Assert.Equal(["ALL"], service["cap_drop"].Texts());
        Assert.Contains("no-new-privileges:true", service["security_opt"].Texts());
        Assert.Null(service["privileged"]);
        Assert.Null(service["cap_add"]);
        Assert.Null(service["user"]); // The image's: no root.
    });

    [Fact]
    public void Each_image_has_a_version() => Assert.All(_all.Services.Values, service =>
    {
        var image = service.TextAt("image");
        var tag = image[(image.LastIndexOf(':') + 1)..];
        Assert.Matches(@"^v?\d+\.\d+", tag);
    });

    [Fact]
    public void Each_silo_is_killed_only_long_after_its_grace_period_and_is_asked_for_its_health() => Assert.All(_silos.SiloServices.Values, service =>
    {
        Assert.True(GoDuration.Parse(service.TextAt("stop_grace_period")) > GracePeriod.OfSilo);
        Assert.Equal("CMD", service["healthcheck"].At("test/0")!.ToString());
        Assert.True(GoDuration.Parse(service.TextAt("healthcheck/timeout")) < GoDuration.Parse(service.TextAt("healthcheck/interval")));
    });

    private static IEnumerable<string> References(JsonNode service, string section) => (service[section], section) switch
    {
        (JsonObject networks, _) => networks.Keys(),
        (JsonArray, "volumes") => service[section].Texts().Select(volume => volume.Split(':')[0]),
        (JsonArray entries, _) => entries.Select(entry => entry is JsonObject ? entry.TextAt("source") : $"{entry}"),
        _ => [],
    };
}
