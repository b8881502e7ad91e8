namespace LifeRaft.Silo;

/// <summary>What the executable is to do.</summary>
internal enum SiloCommand
{
    /// <summary>Be a silo until it is stopped.</summary>
    Run,

    /// <summary>Print the settings.</summary>
    CheckConfiguration,

    /// <summary>Ask the silo that runs whether it is ready.</summary>
    CheckHealth,

    /// <summary>Say how it is used.</summary>
    Help,

    /// <summary>Say which it is.</summary>
    Version,
}

/// <summary>How the commands are called.</summary>
internal static class SiloCommands
{
    public static SiloCommand? Named(string option) => option switch
    {
        "--check-config" => SiloCommand.CheckConfiguration,
        "--healthcheck" => SiloCommand.CheckHealth,
        "--help" or "-h" or "-?" => SiloCommand.Help,
        "--version" => SiloCommand.Version,
        _ => null,
    };
}
