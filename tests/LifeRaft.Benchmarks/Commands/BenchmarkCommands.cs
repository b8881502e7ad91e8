using System.CommandLine;

namespace LifeRaft.Benchmarks;

/// <summary>The command line.</summary>
internal static class BenchmarkCommands
{
    /// <summary>The command by which this program is a silo: its own, not one for people.</summary>
    public const string Silo = "silo";

    public static RootCommand Create() => new("Measures LifeRaft beside what it is compared with, on this machine, in one run.")
    {
        CompareCommand.Create(), LeadershipCommand.Create(), GroupsCommand.Create(), RecoveryCommand.Create(), OverloadCommand.Create(), MicroCommand.Create(), CreateSilo(),
    };

    private static Command CreateSilo()
    {
        var settings = new Argument<string[]>("settings") { Arity = ArgumentArity.OneOrMore };
        var command = new Command(Silo, "Is one silo of a measurement.") { settings };
        command.Hidden = true;
        command.SetAction(result => BenchmarkSilo.Run(SiloSettings.Parse(result.GetValue(settings)!)));
        return command;
    }
}
