using System.Reflection;

namespace LifeRaft.Silo;

/// <summary>The executable: what it is asked for, and what its exit codes mean.</summary>
internal static class SiloProgram
{
    public const int Done = 0;

    /// <summary>It could not start, failed, or what was asked does not hold.</summary>
    public const int Failed = 1;

    /// <summary>The command line or the settings are wrong; nothing was started.</summary>
    public const int Misused = 2;

    /// <summary>It ended before it had left the cluster in order.</summary>
    public const int Hurried = 3;

    public static async Task<int> Run(string[] arguments, TextWriter output, TextWriter error)
    {
        try
        {
            var commandLine = SiloCommandLine.Parse(arguments, Environment.GetEnvironmentVariable("LIFERAFT_CONFIG"));
            return commandLine.Command switch
            {
                SiloCommand.Help => Say(SiloCommandLine.Help, output),
                SiloCommand.Version => Say(typeof(SiloProgram).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion, output),
                _ => await Run(commandLine.Command, SiloConfigurationFile.Read(commandLine.ConfigurationFile, Environment.GetEnvironmentVariables(), commandLine.Overrides), output, error),
            };
        }
        catch (SiloConfigurationException failure)
        {
            foreach (var problem in failure.Problems)
            {
                await error.WriteLineAsync(problem);
            }

            return Misused;
        }
    }

    private static async Task<int> Run(SiloCommand command, SiloConfigurationFile file, TextWriter output, TextWriter error)
    {
        switch (command)
        {
            case SiloCommand.CheckConfiguration:
                if (file.Configuration.Tls.IsEnabled)
                {
                    SiloCertificate.Load(file.Configuration.Tls, TimeProvider.System.GetUtcNow());
                }

                if (file.Configuration.Dashboard.AllowsActions)
                {
                    OperatorTokenFile.Read(file.Configuration.Dashboard.OperatorTokenFile);
                }

                EffectiveSettings.Write(file, output);
                return Done;
            case SiloCommand.CheckHealth:
                return await HealthQuestion.Ask(file.Configuration, output) ? Done : Failed;
            default:
                return await SiloRun.Run(file.Configuration, error);
        }
    }

    private static int Say(string text, TextWriter output)
    {
        output.WriteLine(text);
        return Done;
    }
}
