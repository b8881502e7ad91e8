using System.Net;

namespace LifeRaft.Docker.Tests;

/// <summary>The image alone, as <c>docker run --read-only --tmpfs /tmp --volume ...:/data</c> would run it.</summary>
[Collection(OneAtATime.Name)]
public sealed class SiloContainerTests(BuiltImage image) : IDisposable
{
    private static readonly IPNetwork _subnet = IPNetwork.Parse("172.30.78.0/24");
    private static readonly string[] _paths = ["/health/startup", "/health/ready", "/health/live"];
    private readonly DirectoryInfo _volume = Directory.CreateTempSubdirectory("liferaft-volume-");

    [Fact]
    public async Task A_silo_becomes_healthy_on_a_read_only_file_system_stops_on_SIGTERM_and_finds_its_log_again()
    {
        Containers.Require();
        using var network = new ContainerNetwork(_subnet);
        var settings = Settings(network.Attach("silo", IPAddress.Parse("172.30.78.2")), "tmpfs:/tmp");
        await using (var first = Container.Start(settings))
        {
            await first.Healthy();
            Assert.All(_paths, path => Assert.Equal("200", StatusOf(first, path)));
            Assert.Contains("Uid:\t1654\t1654\t1654\t1654", first.Exec("cat", "/proc/1/status").Output, StringComparison.Ordinal);
            Assert.Equal(0, await first.Stop(GracePeriod.OfSilo));
        }

        Assert.NotEmpty(Directory.EnumerateFiles(Path.Combine(_volume.FullName, "log"), "CURRENT"));
        await using var second = Container.Start(settings);
        await second.Healthy();
        Assert.Equal(0, await second.Stop(GracePeriod.OfSilo));
    }

    [Fact]
    public async Task A_silo_needs_no_tmp()
    {
        Containers.Require();
        using var network = new ContainerNetwork(_subnet);
        await using var silo = Container.Start(Settings(network.Attach("silo", IPAddress.Parse("172.30.78.2"))));
        await silo.Healthy();
        Assert.Equal(0, await silo.Stop(GracePeriod.OfSilo));
    }

    [Fact]
    public async Task A_volume_that_the_user_may_not_write_is_said_at_once()
    {
        Containers.Require();
        using var network = new ContainerNetwork(_subnet);
        var settings = Settings(network.Attach("silo", IPAddress.Parse("172.30.78.2")), "tmpfs:/tmp");
        Shell.Run("chown", "0:0", _volume.FullName).OrFail("chown");
        await using var silo = Container.Start(settings);
        Assert.Equal(1, await silo.Ended());
        Assert.Contains("/data/log", silo.Log, StringComparison.Ordinal);
    }

    public void Dispose() => _volume.Delete(recursive: true);

    private ContainerSettings Settings(string network, params string[] mounts)
    {
        // As the volume that Docker makes: with the owner that the folder has in the image.
        Shell.Run("cp", "--archive", "--no-target-directory", image.Root + ImageConfiguration.Volume, _volume.FullName).OrFail("The volume");
        return new ContainerSettings
        {
            Name = "silo",
            Image = image.Root,
            Network = network,
            Mounts = [$"rw:{_volume.FullName}:{ImageConfiguration.Volume}", .. mounts, "read-only"],
        };
    }

    private static string StatusOf(Container container, string path)
    {
        var answer = container.Exec("curl", "--silent", "--output", "/dev/null", "--write-out", "%{http_code}", $"http://127.0.0.1:8080{path}");
        return answer.ExitCode == 0 ? answer.Output : throw new InvalidOperationException($"{path}: curl ended with {answer.ExitCode}. {container.Log}");
    }
}
