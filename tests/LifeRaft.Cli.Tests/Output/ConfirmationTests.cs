using System.CommandLine;
using System.Globalization;
using System.Text;

namespace LifeRaft.Cli.Tests.Output;

/// <summary>What destroys is done only when somebody says so.</summary>
public sealed class ConfirmationTests
{
    [Theory]
    [InlineData(0, true, false, "", "--yes")]
    [InlineData(0, true, true, "y\n")]
    [InlineData(0, true, true, "YES\n")]
    [InlineData(1, false, true, "\n")]
    [InlineData(1, false, true, "")]
    [InlineData(1, false, true, "no\n")]
    [InlineData(1, false, false, "y\n")]
    [InlineData(0, false, false, "", "--dry-run")]
    [InlineData(0, false, false, "", "--dry-run", "--yes")]
    public async Task It_is_done_or_not(int exit, bool isDone, bool isInteractive, string typed, params string[] arguments)
    {
        var wasDone = false;
        var command = new RootCommand("test");
        Confirmation.AddTo(command);
        command.Runs(async run =>
        {
            if (await Confirmation.Refusal(run, "Everything would be deleted.") is { } refused)
            {
                return refused;
            }

            wasDone = true;
            return 0;
        });
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        using var error = new StringWriter(CultureInfo.InvariantCulture);
        using var input = new MemoryStream(Encoding.UTF8.GetBytes(typed));
        var invocation = new ToolInvocation { Output = output, Error = error, Input = input, OpenOutput = () => Stream.Null, IsInteractive = isInteractive, Variable = _ => null };

        Assert.Equal((exit, isDone), (await command.Parse(arguments).InvokeAsync(invocation, TestContext.Current.CancellationToken), wasDone));

        var said = $"{output}{error}";
        Assert.Equal(!arguments.Contains("--yes") || arguments.Contains("--dry-run"), said.Contains("Everything would be deleted.", StringComparison.Ordinal));
        Assert.Equal(!isDone, said.Contains("Nothing was changed", StringComparison.Ordinal));
    }
}
