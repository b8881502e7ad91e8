using System.Globalization;
using System.Text.RegularExpressions;

namespace LifeRaft.Docker.Tests;

/// <summary>What the image says of how it is to be run, and what it has from its base image.</summary>
internal static partial class ImageConfiguration
{
    // mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled sets these; the user 1654 is called app there.
    private static readonly Dictionary<string, string> _base = new()
    {
        ["PATH"] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        ["APP_UID"] = "1654",
        ["ASPNETCORE_HTTP_PORTS"] = "8080",
        ["DOTNET_RUNNING_IN_CONTAINER"] = "true",
        ["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "true",
        ["HOME"] = "/home/app",
    };

    public static IReadOnlyDictionary<string, string> Environment { get; } = Variables();

    public static IReadOnlyList<string> EntryPoint => Dockerfile.Final.Only("ENTRYPOINT").Exec!;

    /// <summary>The arguments of the entry point when nobody gives others.</summary>
    public static IReadOnlyList<string> Command => Dockerfile.Final.Only("CMD").Exec!;

    public static IReadOnlyList<string> HealthCheck => Instruction.Parse(0, Dockerfile.Final.Only("HEALTHCHECK").Text).Exec!;

    public static string WorkingFolder => Dockerfile.Final.All("WORKDIR").Last().Text;

    public static string Volume => Dockerfile.Final.Only("VOLUME").Text;

    public static int User => int.Parse(Expand(Dockerfile.Final.All("USER").Last().Text, Environment), CultureInfo.InvariantCulture);

    private static Dictionary<string, string> Variables()
    {
        var variables = new Dictionary<string, string>(_base);
        foreach (var setting in Dockerfile.Final.All("ENV").Select(each => each.Text.Split('=', 2)))
        {
            variables[setting[0]] = Expand(setting[1], variables);
        }

        return variables;
    }

    private static string Expand(string text, IReadOnlyDictionary<string, string> variables) => Variable().Replace(text, match => variables[match.Groups["name"].Value]);

    [GeneratedRegex(@"\$(?<name>\w+)")]
    private static partial Regex Variable();
}
