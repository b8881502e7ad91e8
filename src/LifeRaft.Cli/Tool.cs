using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace LifeRaft.Cli;

/// <summary>The <c>liferaft</c> tool: its commands, and how a command line becomes a run of one.</summary>
internal static class Tool
{
    // A command that is stopped still takes its silos down and removes its data.
    private static readonly TimeSpan _timeToCleanUp = TimeSpan.FromSeconds(20);

    /// <summary>Runs the tool as its process does.</summary>
    public static Task<int> Run(string[] arguments, TextWriter output, TextWriter error, CancellationToken cancellationToken = default) => Run(
        arguments,
        new ToolInvocation
        {
            Output = output,
            Error = error,
            Input = Console.OpenStandardInput(),
            OpenOutput = Console.OpenStandardOutput,
            IsInteractive = !Console.IsInputRedirected && Terminal.Is(error),
            Variable = Environment.GetEnvironmentVariable,
        },
        cancellationToken);

    /// <summary>Runs the tool in those surroundings.</summary>
    public static async Task<int> Run(string[] arguments, ToolInvocation invocation, CancellationToken cancellationToken = default)
    {
        var root = CreateRoot();
        var parsed = root.Parse(arguments.Length == 0 ? ["--help"] : arguments);
        if (parsed.Action is ParseErrorAction)
        {
            var path = parsed.CommandResult.Command == root ? "liferaft" : $"liferaft {PathOf(parsed.CommandResult)}";
            foreach (var problem in Misunderstanding.Of(parsed, path))
            {
                await invocation.Error.WriteLineAsync(problem);
            }

            await invocation.Error.WriteLineAsync($"Try '{path} --help'.");
            return ExitCodes.Misused;
        }

        invocation.ProcessTerminationTimeout = parsed.CommandResult.Command is WrapperCommand ? null : _timeToCleanUp;
        invocation.EnableDefaultExceptionHandler = false;
        return await parsed.InvokeAsync(invocation, cancellationToken);
    }

    /// <summary>All that the tool understands.</summary>
    public static RootCommand CreateRoot()
    {
        var root = new RootCommand("LifeRaft: Raft consensus on Microsoft Orleans.")
        {
            OutputOption.Of,
            UpCommand.Create(), DemoCommand.Create(),
            StatusCommand.Create(), HealthCommand.Create(), TopCommand.Create(), WatchCommand.Create(),
            GroupsCommand.Create(), GroupCommand.Create(), MemberCommand.Create(), LeaderCommand.Create(), SiloCommand.Create(), CheckCommand.Create(),
            KeyValueCommands.Create(), LocksCommand.Create(), ElectCommand.Create(), BenchCommand.Create(),
            LogCommand.Create(), SnapshotCommand.Create(), WalCommand.Create(), RecoverCommand.Create(),
            CompletionCommand.Create(),
        };
        foreach (var help in root.Options.OfType<HelpOption>())
        {
            if (!OperatingSystem.IsWindows())
            {
                help.Aliases.Remove("/?");
                help.Aliases.Remove("/h");
            }

            help.Action = new HelpWithExitCodes((SynchronousCommandLineAction)help.Action!);
        }

        return root;
    }

    private static string PathOf(System.CommandLine.Parsing.CommandResult command) =>
        command.Parent is System.CommandLine.Parsing.CommandResult { Parent: not null } parent ? $"{PathOf(parent)} {command.Command.Name}" : command.Command.Name;
}
