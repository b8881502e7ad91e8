using System.Collections;
using System.Text.Json;
using Microsoft.Extensions.Configuration;

namespace LifeRaft.Silo;

/// <summary>
/// A silo's file with what overrides it: environment variables, then the command line. It knows for each value where it comes from, so that
/// a problem can be looked for in the right place.
/// </summary>
internal sealed class SiloConfigurationFile
{
    private readonly IConfigurationRoot _root;
    private readonly string _file;

    private SiloConfigurationFile(IConfigurationRoot root, string file, SiloConfiguration configuration) =>
        (_root, _file, Configuration) = (root, file, configuration);

    /// <summary>All settings, with defaults where nothing is said.</summary>
    public SiloConfiguration Configuration { get; }

    /// <summary>Reads the file and what overrides it, and checks all of it.</summary>
    /// <exception cref="SiloConfigurationException">The file is missing or no JSON, or settings are unknown, unreadable or make no sense.</exception>
    /// <param name="file">The file; a relative path begins where the process was started.</param>
    /// <param name="environment">The variables of the process.</param>
    /// <param name="overrides">From the command line, by path.</param>
    public static SiloConfigurationFile Read(string file, IDictionary environment, IReadOnlyDictionary<string, string> overrides)
    {
        var variables = new EnvironmentSettings(environment);
        var root = ReadJson(file, variables, overrides);
        var read = new SiloConfigurationFile(root, file, new SiloConfiguration());
        IReadOnlyList<string> problems = [.. variables.Problems, .. SettingsReader.Read(root, read.Configuration).Select(read.Locate)];
        if (problems.Count == 0)
        {
            // Rules are about values that could be read.
            problems = [.. read.Configuration.Problems().Select(read.Locate)];
        }

        return problems.Count == 0 ? read : throw new SiloConfigurationException(problems);
    }

    /// <summary>Where the setting gets its value from; null for its default.</summary>
    public string? OriginOf(string path)
    {
        foreach (var provider in _root.Providers.Reverse())
        {
            if (provider.TryGet(path, out _) || provider.GetChildKeys([], path).Any())
            {
                return provider is ISettingOrigin origin ? origin.OriginOf(path) : _file;
            }
        }

        return null;
    }

    private string Locate(SettingProblem problem) => $"{OriginOf(problem.Path) ?? _file}: {problem}";

    private static IConfigurationRoot ReadJson(string file, EnvironmentSettings environment, IReadOnlyDictionary<string, string> overrides)
    {
        var path = Path.GetFullPath(file);
        if (!File.Exists(path))
        {
            throw new SiloConfigurationException($"{file}: there is no such file (looked for {path}). Name one with --config, for instance one of silo-config/.");
        }

        try
        {
            return new ConfigurationBuilder()
                .AddJsonFile(path, optional: false, reloadOnChange: false)
                .Add(environment)
                .Add(new CommandLineSettings(overrides))
                .Build();
        }
        catch (Exception failure) when (failure is InvalidDataException or FormatException or IOException or UnauthorizedAccessException)
        {
            throw new SiloConfigurationException($"{file}: {Reason(failure)}");
        }
    }

    private static string Reason(Exception failure)
    {
        for (var inner = failure; inner is not null; inner = inner.InnerException)
        {
            if (inner is JsonException { LineNumber: { } line } json)
            {
                return $"is no JSON. {json.Message} (Line numbers begin at 0: look at line {line + 1}.)";
            }
        }

        var root = failure.GetBaseException();
        return root is FormatException ? $"is no JSON of settings. {root.Message}" : $"cannot be read. {root.Message}";
    }
}
