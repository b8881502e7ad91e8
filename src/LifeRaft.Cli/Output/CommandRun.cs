using System.CommandLine;

namespace LifeRaft.Cli;

/// <summary>One run of a command: what was asked for, where results go, and the way to the cluster.</summary>
/// <param name="parsed">The command line.</param>
/// <param name="cancellationToken">Ctrl-C, or SIGTERM.</param>
internal sealed class CommandRun(ParseResult parsed, CancellationToken cancellationToken)
{
    private readonly ToolInvocation _invocation = (ToolInvocation)parsed.InvocationConfiguration;

    /// <summary>The command line.</summary>
    public ParseResult Parsed => parsed;

    /// <summary>Ctrl-C, or SIGTERM.</summary>
    public CancellationToken CancellationToken => cancellationToken;

    /// <summary>Results go here.</summary>
    public TextWriter Output => _invocation.Output;

    /// <summary>Everything else goes here.</summary>
    public TextWriter Error => _invocation.Error;

    /// <summary>The standard input.</summary>
    public Stream Input => _invocation.Input;

    /// <summary>Whether a person can be asked.</summary>
    public bool IsInteractive => _invocation.IsInteractive;

    /// <summary>How results are printed.</summary>
    public OutputFormat Format => parsed.GetResult(OutputOption.WithRaw) is null ? parsed.GetValue(OutputOption.Of) : parsed.GetValue(OutputOption.WithRaw);

    /// <summary>Whether results are JSON.</summary>
    public bool IsJson => Format == OutputFormat.Json;

    /// <summary>Which cluster is meant.</summary>
    /// <exception cref="MisuseException">The environment, or the options together, make no sense.</exception>
    public ClusterSettings Cluster => ClusterArguments.Read(parsed, _invocation.Variable);

    /// <summary>Connects to the cluster. Dispose of the connection.</summary>
    /// <exception cref="UnreachableException">No silo can be reached.</exception>
    public Task<ClusterConnection> Connect() => ClusterConnection.Open(Cluster, cancellationToken);

    public T? Get<T>(Option<T> option) => parsed.Of(option);

    public T? Get<T>(Argument<T> argument) => parsed.GetValue(argument);

    /// <summary>Reads what is piped to the tool, to its end.</summary>
    /// <exception cref="MisuseException">Nothing is: a person sits there and waits.</exception>
    public async Task<byte[]> InputBytes(string what)
    {
        if (IsInteractive)
        {
            throw new MisuseException($"There is no {what}: give it on the command line where that is possible, or pipe it to the command.");
        }

        using var bytes = new MemoryStream();
        await Input.CopyToAsync(bytes, cancellationToken);
        return bytes.ToArray();
    }

    /// <summary>Writes bytes to the standard output as they are.</summary>
    public async Task OutputBytes(ReadOnlyMemory<byte> bytes)
    {
        await Output.FlushAsync(cancellationToken);
        await using var stream = _invocation.OpenOutput();
        await stream.WriteAsync(bytes, cancellationToken);
    }

    /// <summary>Prints a document as JSON, or its rows as a table.</summary>
    /// <param name="document">What programs get.</param>
    /// <param name="listing">The columns that people get.</param>
    /// <param name="rows">The rows that people get.</param>
    public void Write<T>(object document, Listing<T> listing, IEnumerable<T> rows)
    {
        if (IsJson)
        {
            Json.Write(Output, document);
        }
        else
        {
            listing.Write(Output, Format, rows);
        }
    }

    /// <summary>Prints a document as JSON, or a sentence.</summary>
    public void Write(object document, string sentence)
    {
        if (IsJson)
        {
            Json.Write(Output, document);
        }
        else
        {
            Output.WriteLine(sentence);
        }
    }
}

/// <summary>How commands get their actions.</summary>
internal static class CommandRunExtensions
{
    /// <summary>Sets what a command does. Failures become one line on the standard error and an exit code (<see cref="Failures"/>).</summary>
    public static void Runs(this Command command, Func<CommandRun, Task<int>> action) => command.SetAction(async (parsed, cancellationToken) =>
    {
        var error = parsed.InvocationConfiguration.Error;
        try
        {
            return await action(new CommandRun(parsed, cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return ExitCodes.Interrupted;
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            if (Failures.Explain(failure) is not var (code, message))
            {
                await error.WriteLineAsync($"The tool failed in a way that nobody foresaw; please report this:{Environment.NewLine}{failure}");
                return ExitCodes.Failed;
            }

            await error.WriteLineAsync(TerminalText.Of(message.ReplaceLineEndings(" ")));
            return code;
        }
    });
}
