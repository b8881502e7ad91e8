using Microsoft.Extensions.Configuration;

namespace LifeRaft.Silo;

/// <summary>Settings from the command line, <c>--Silo:Port 11112</c>.</summary>
internal sealed class CommandLineSettings(IReadOnlyDictionary<string, string> settings) : ConfigurationProvider, IConfigurationSource, ISettingOrigin
{
    public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

    public override void Load()
    {
        foreach (var (key, value) in settings)
        {
            Data[key] = value;
        }
    }

    public string OriginOf(string path) => $"command line, --{path}";
}
