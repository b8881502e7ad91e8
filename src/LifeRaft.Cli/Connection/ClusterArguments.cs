using System.CommandLine;
using System.CommandLine.Parsing;

namespace LifeRaft.Cli;

/// <summary>
/// The options of every command that talks to a cluster. What is not given comes from the environment, and else is as written in the
/// descriptions.
/// </summary>
internal static class ClusterArguments
{
    public const string GatewaysVariable = "LIFERAFT_GATEWAYS";
    public const string ClusterIdVariable = "LIFERAFT_CLUSTER_ID";
    public const string ServiceIdVariable = "LIFERAFT_SERVICE_ID";
    public const string TimeoutVariable = "LIFERAFT_TIMEOUT";

    private const string UsualId = "liferaft";
    private static readonly TimeSpan _leastTimeout = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan _mostTimeout = TimeSpan.FromDays(1);
    private static readonly TimeSpan _usualTimeout = TimeSpan.FromSeconds(10);

    private static readonly Option<string[]> _gateways = new("--gateway", "-g")
    {
        Description = $"The gateway of a silo; repeat it for more than one. [env: {GatewaysVariable}, with commas; default: 127.0.0.1:{Gateway.UsualPort}]",
        HelpName = "host:port",
        Recursive = true,
        Validators = { result => Check(result, Gateway.Parse) },
    };

    private static readonly Option<string?> _clusterId = new("--cluster-id")
    {
        Description = $"Orleans' name for the cluster. [env: {ClusterIdVariable}; default: {UsualId}]",
        HelpName = "id",
        Recursive = true,
    };

    private static readonly Option<string?> _serviceId = new("--service-id")
    {
        Description = $"Orleans' name for the service. [env: {ServiceIdVariable}; default: {UsualId}]",
        HelpName = "id",
        Recursive = true,
    };

    private static readonly Option<string?> _tlsAuthority = new("--tls-authority")
    {
        Description = "Use TLS, and trust silos whose certificates come from these authorities (PEM) instead of those of the system.",
        HelpName = "file",
        Recursive = true,
    };

    private static readonly Option<string?> _tlsCertificate = new("--tls-certificate")
    {
        Description = "Use TLS, and show the silos this certificate (PEM or PFX).",
        HelpName = "file",
        Recursive = true,
    };

    private static readonly Option<string?> _tlsKey = new("--tls-key")
    {
        Description = "The private key of --tls-certificate (PEM), unless its file holds it.",
        HelpName = "file",
        Recursive = true,
    };

    private static readonly Option<string?> _tlsHost = new("--tls-host")
    {
        Description = "Use TLS, and expect this name in the silos' certificates instead of the host of the gateway.",
        HelpName = "name",
        Recursive = true,
    };

    private static readonly Option<TimeSpan?> _timeout = DurationOption.Create(
        "--timeout", _leastTimeout, _mostTimeout, $"How long connecting, and then each request, may take. [env: {TimeoutVariable}; default: {Duration.Format(_usualTimeout)}]", isRecursive: true);

    /// <summary>Gives a command, and all commands below it, these options.</summary>
    public static void AddTo(Command command)
    {
        foreach (var option in new Option[] { _gateways, _clusterId, _serviceId, _timeout, _tlsAuthority, _tlsCertificate, _tlsKey, _tlsHost })
        {
            command.Add(option);
        }
    }

    /// <summary>What the command line and the environment say.</summary>
    /// <exception cref="MisuseException">The environment names no gateway where it should, or a key is given without its certificate.</exception>
    public static ClusterSettings Read(ParseResult parsed, Func<string, string?> environment)
    {
        var tls = new TlsFiles(parsed.GetValue(_tlsAuthority), parsed.GetValue(_tlsCertificate), parsed.GetValue(_tlsKey), parsed.GetValue(_tlsHost));
        if (tls is { Key: not null, Certificate: null })
        {
            throw new MisuseException("--tls-key belongs to a certificate. Give it with --tls-certificate.");
        }

        return new ClusterSettings(
            Gateways(parsed.GetValue(_gateways), environment(GatewaysVariable)),
            Chosen(parsed.GetValue(_clusterId), environment(ClusterIdVariable)),
            Chosen(parsed.GetValue(_serviceId), environment(ServiceIdVariable)),
            tls == new TlsFiles(null, null, null, null) ? null : tls,
            parsed.GetValue(_timeout) ?? Timeout(environment(TimeoutVariable)));
    }

    private static List<Gateway> Gateways(string[]? given, string? variable)
    {
        if (given is { Length: > 0 })
        {
            return [.. given.Select(Gateway.Parse)];
        }

        try
        {
            var parts = (variable ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            return parts.Length > 0 ? [.. parts.Select(Gateway.Parse)] : [new Gateway("127.0.0.1", Gateway.UsualPort)];
        }
        catch (FormatException problem)
        {
            throw new MisuseException($"{GatewaysVariable}: {problem.Message}");
        }
    }

    private static TimeSpan Timeout(string? variable)
    {
        try
        {
            return string.IsNullOrEmpty(variable) ? _usualTimeout
                : Duration.ParseArgument(variable) is var duration && duration >= _leastTimeout && duration <= _mostTimeout ? duration
                : throw new MisuseException($"{TimeoutVariable} is from {Duration.Format(_leastTimeout)} to {Duration.Format(_mostTimeout)}, not '{variable}'.");
        }
        catch (FormatException problem)
        {
            throw new MisuseException($"{TimeoutVariable}: {problem.Message}");
        }
    }

    private static string Chosen(string? given, string? variable) => given ?? (string.IsNullOrEmpty(variable) ? UsualId : variable);

    private static void Check(OptionResult result, Func<string, object> parse)
    {
        foreach (var token in result.Tokens)
        {
            try
            {
                parse(token.Value);
            }
            catch (FormatException problem)
            {
                result.AddError($"{result.Option.Name}: {problem.Message}");
            }
        }
    }
}
