using System.Globalization;
using System.Net;
using System.Net.Sockets;
using LifeRaft.Hosting;

namespace LifeRaft.Silo;

/// <summary>The rules that settings share. Each returns what is wrong.</summary>
internal static class SettingRules
{
    public static IEnumerable<SettingProblem> NotEmpty(string path, string value) =>
        string.IsNullOrWhiteSpace(value) ? [new SettingProblem(path, "is empty, but must be set.")] : [];

    public static IEnumerable<SettingProblem> Name(string path, string value)
    {
        try
        {
            // A node's address is the one public place that knows what a silo may be called.
            NodeAddress.Parse($"1@{value}");
            return [];
        }
        catch (InvalidNameException)
        {
            return [new SettingProblem(path, $"is '{value}', but must have 1 to 64 letters, digits, dots, underscores or hyphens. Give each silo a name that it keeps, for instance 'silo-1'.")];
        }
    }

    public static IEnumerable<SettingProblem> Port(string path, int port) => Between(path, port, 1, IPEndPoint.MaxPort);

    public static IEnumerable<SettingProblem> Between(string path, long value, long least, long most) =>
        value < least || value > most ? [new SettingProblem(path, string.Create(CultureInfo.InvariantCulture, $"is {value}, but must be from {least} to {most}."))] : [];

    public static IEnumerable<SettingProblem> Between(string path, TimeSpan value, TimeSpan least, TimeSpan most) => value < least || value > most
        ? [new SettingProblem(path, $"is '{Duration.Format(value)}', but must be from {Duration.Format(least)} to {Duration.Format(most)}.")]
        : [];

    public static IEnumerable<SettingProblem> Address(string path, string value) =>
        HostAddress.TryResolve(value, out _, out var problem) ? [] : [new SettingProblem(path, $"is '{value}', {problem}")];

    public static IEnumerable<SettingProblem> EndPoint(string path, string value) =>
        HostAddress.TryResolveEndPoint(value, out _, out var problem) ? [] : [new SettingProblem(path, $"is '{value}', {problem}")];

    /// <summary>For a secret that something else reads, and refuses by one of its exceptions, whose message may repeat a piece of it.</summary>
    public static IEnumerable<SettingProblem> ReadableSecret(string path, Func<object> read)
    {
        try
        {
            read();
            return [];
        }
        catch (Exception failure) when (failure is ArgumentException or FormatException)
        {
            return [new SettingProblem(path, "cannot be read: a keyword in it is unknown, or a value makes no sense. It is secret, so it is not repeated here; look for a misspelt keyword, and put a password that has ';' or ',' in quotation marks where the driver allows it.")];
        }
    }

    /// <summary>The rules of the library's own options; their problems begin with the property.</summary>
    public static IEnumerable<SettingProblem> OfRaft(RaftOptions options)
    {
        var result = new RaftOptionsValidator().Validate(null, options);
        return [.. (result.Failures ?? []).Select(OfRaft), .. options.Groups.Keys.SelectMany(OfMachine)];
    }

    /// <summary>Those of the library's clustering.</summary>
    public static IEnumerable<SettingProblem> OfClustering(LifeRaftClusteringOptions options)
    {
        const string Prefix = "LifeRaft clustering: ";
        var result = new LifeRaftClusteringOptionsValidator().Validate(null, options);
        return (result.Failures ?? []).Select(failure => OfLibrary("Clustering:LifeRaft", failure[Prefix.Length..]));
    }

    private static SettingProblem OfRaft(string failure) => OfLibrary("LifeRaft", failure[(nameof(RaftOptions).Length + 1)..]);

    private static SettingProblem OfLibrary(string path, string failure)
    {
        var end = failure.AsSpan().IndexOfAny(' ', ':', '[');
        return new SettingProblem($"{path}:{failure[..end]}", failure[end..].TrimStart(' ', ':'));
    }

    private static IEnumerable<SettingProblem> OfMachine(string group)
    {
        // What is no name at all is the validator's.
        var parts = group.Split('/');
        return parts.Length == 2 && !LifeRaftSilo.Machines.Contains(parts[0])
            ? [new SettingProblem($"LifeRaft:Groups:{group}", $"is a group of the machine '{parts[0]}', which this silo does not have. It has {string.Join(" and ", LifeRaftSilo.Machines)}.")]
            : [];
    }
}
