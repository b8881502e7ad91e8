using System.Runtime.InteropServices;

namespace LifeRaft.Docker.Tests;

/// <summary>
/// Containers without an engine: the namespaces, mounts and privileges that Docker would set up, and this machine's programs and libraries in
/// the place of the base image. Takes Linux, root and the right to mount and to make network namespaces.
/// </summary>
internal static class Containers
{
    public static string Script => Path.Combine(AppContext.BaseDirectory, "Containers", "container.sh");

    /// <summary>Skips the test where the machine does not allow containers, visibly; fails it where the variable CI is true.</summary>
    public static void Require()
    {
        if (Obstacle.Value is not { } obstacle)
        {
            return;
        }

        if (Environment.GetEnvironmentVariable("CI") == "true")
        {
            Assert.Fail(obstacle);
        }

        Assert.Skip(obstacle);
    }

    private static Lazy<string?> Obstacle { get; } = new(Find);

    private static string? Find()
    {
        if (!OperatingSystem.IsLinux())
        {
            return "Containers take Linux.";
        }

        if (Environment.UserName != "root")
        {
            return "Containers take root: run these tests with sudo.";
        }

        foreach (var (program, package) in new[] { ("unshare", "util-linux"), ("setpriv", "util-linux"), ("nsenter", "util-linux"), ("ip", "iproute2"), ("curl", "curl") })
        {
            if (Shell.Run("sh", "-c", $"command -v {program}").ExitCode != 0)
            {
                return $"There is no {program}: apt-get install {package}.";
            }
        }

        var unshared = Shell.Run("unshare", "--mount", "--pid", "--net", "--fork", "sh", "-c", "mount -t tmpfs test /mnt && ip link add test type bridge");
        return unshared.ExitCode == 0 ? null : $"This machine permits no mounts or network devices of one's own: {unshared.Output.Trim()}. A container of Docker's needs --privileged for it.";
    }

    /// <summary>The machine's architecture as Docker calls it.</summary>
    public static string Architecture => RuntimeInformation.OSArchitecture == System.Runtime.InteropServices.Architecture.Arm64 ? "arm64" : "amd64";
}
