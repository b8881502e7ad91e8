using Microsoft.Extensions.Configuration;

namespace LifeRaft.Silo;

/// <summary>What the command line asks for.</summary>
/// <param name="Command">What to do.</param>
/// <param name="ConfigurationFile">The silo's file; empty for commands that need none.</param>
/// <param name="Overrides">Settings that win over the file and the environment, by path.</param>
internal sealed record SiloCommandLine(SiloCommand Command, string ConfigurationFile, IReadOnlyDictionary<string, string> Overrides)
{
    private const string Config = "--config";

    public const string Help = """
        A silo of LifeRaft: Orleans, Raft groups, health, metrics and the dashboard, as one file says.

        Usage: LifeRaft.Silo --config FILE [--Section:Key VALUE]...

          --config FILE           the silo's settings, JSON with comments; see silo-config/reference.jsonc. Also LIFERAFT_CONFIG.
          --Section:Key VALUE     overrides one setting, for instance --Silo:Port 11112; wins over the environment
          LIFERAFT_Section__Key   the same as an environment variable; wins over the file
          --check-config          checks the settings, prints all of them with where each comes from, and starts nothing
          --healthcheck           asks the silo that runs with these settings whether it is ready, and starts nothing
          --help, --version

        Exit codes: 0 stopped in order, or what was asked holds; 1 it could not start, failed, or is not ready; 2 the command line or the
        settings are wrong; 3 it was stopped by a second signal or at the end of Silo:GracePeriod, before it had left the cluster.
        """;

    /// <summary>Reads the command line.</summary>
    /// <param name="arguments">Its words.</param>
    /// <param name="defaultFile">The file when none is named, or null.</param>
    /// <exception cref="SiloConfigurationException">It cannot be read.</exception>
    public static SiloCommandLine Parse(IReadOnlyList<string> arguments, string? defaultFile)
    {
        var command = SiloCommand.Run;
        var file = defaultFile;
        var overrides = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        for (var index = 0; index < arguments.Count; index++)
        {
            var argument = arguments[index];
            if (SiloCommands.Named(argument) is { } named)
            {
                command = named;
                continue;
            }

            var (option, value) = Split(argument);
            if (option != Config && !IsSetting(option))
            {
                throw new SiloConfigurationException($"command line: '{argument}' is none of --config FILE, --check-config, --healthcheck, --help, --version, and no setting, --Section:Key VALUE.");
            }

            value ??= ++index < arguments.Count ? arguments[index] : throw new SiloConfigurationException($"command line: '{argument}' needs a value after it.");
            if (option == Config)
            {
                file = value;
            }
            else
            {
                overrides[option[2..]] = value;
            }
        }

        return string.IsNullOrEmpty(file) && command is not (SiloCommand.Help or SiloCommand.Version)
            ? throw new SiloConfigurationException("command line: --config FILE is missing. Name the silo's file, for instance --config silo-config/dev.json; --help says more.")
            : new SiloCommandLine(command, file ?? "", overrides);
    }

    private static (string Option, string? Value) Split(string argument)
    {
        var equals = argument.IndexOf('=', StringComparison.Ordinal);
        return equals < 0 ? (argument, null) : (argument[..equals], argument[(equals + 1)..]);
    }

    private static bool IsSetting(string option) =>
        option.StartsWith("--", StringComparison.Ordinal) && option.Contains(ConfigurationPath.KeyDelimiter, StringComparison.Ordinal);
}
