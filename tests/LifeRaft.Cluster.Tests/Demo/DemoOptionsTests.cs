using System.Globalization;
using LifeRaft.Cli;

namespace LifeRaft.Cluster.Tests.Demo;

/// <summary>What the command line refuses, and what it says then.</summary>
public sealed class DemoOptionsTests
{
    [Theory]
    [InlineData("--writes is a number from 10,000 to 1,000,000, not '9999'.", "demo", "--writes", "9999")]
    [InlineData("--writes is a number from 10,000 to 1,000,000, not 'many'.", "demo", "--writes", "many")]
    [InlineData("--clients is a number from 1 to 1,024, not '0'.", "demo", "--clients", "0")]
    [InlineData("--clients is a number from 1 to 1,024, not '-3'.", "demo", "--clients", "-3")]
    [InlineData("'60' is no duration: it has no unit", "demo", "--timeout", "60")]
    [InlineData("--timeout is more than zero", "demo", "--timeout", "0s")]
    [InlineData("--timeout", "demo", "--timeout")]
    [InlineData("--wirtes", "demo", "--wirtes", "20000")]
    [InlineData("demmo", "demmo")]
    public async Task Bad_command_lines_exit_with_2_and_say_why(string reason, params string[] arguments)
    {
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        using var error = new StringWriter(CultureInfo.InvariantCulture);

        var exit = await Tool.Run(arguments, output, error, TestContext.Current.CancellationToken);

        Assert.Equal((2, ""), (exit, output.ToString()));
        Assert.Contains(reason, error.ToString(), StringComparison.Ordinal);
        Assert.Contains("--help", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_data_directory_that_is_not_empty_is_left_alone()
    {
        var directory = Directory.CreateTempSubdirectory("liferaft-test-");
        var file = Path.Combine(directory.FullName, "mine.txt");
        await File.WriteAllTextAsync(file, "mine", TestContext.Current.CancellationToken);
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        using var error = new StringWriter(CultureInfo.InvariantCulture);

        var exit = await Tool.Run(["demo", "--json", "--data", directory.FullName], output, error, TestContext.Current.CancellationToken);

        Assert.Equal((2, ""), (exit, output.ToString()));
        Assert.Contains("is not empty", error.ToString(), StringComparison.Ordinal);
        Assert.True(File.Exists(file));
        directory.Delete(recursive: true);
    }

    [Fact]
    public async Task Help_names_every_option_and_exits_with_0()
    {
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        using var error = new StringWriter(CultureInfo.InvariantCulture);

        var exit = await Tool.Run(["demo", "--help"], output, error, TestContext.Current.CancellationToken);

        Assert.Equal((0, ""), (exit, error.ToString()));
        Assert.All(["--writes", "--clients", "--data", "--keep", "--json", "--timeout"], option => Assert.Contains(option, output.ToString(), StringComparison.Ordinal));
    }
}
