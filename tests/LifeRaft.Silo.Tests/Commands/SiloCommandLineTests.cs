namespace LifeRaft.Silo.Tests;

public sealed class SiloCommandLineTests
{
    [Theory]
    [InlineData("--config", "x.json", "--Silo:Port", "1")]
    [InlineData("--config=x.json", "--Silo:Port=1")]
    [InlineData("--silo:port", "1", "--config", "x.json")]
    public void It_names_a_file_and_settings(params string[] arguments)
    {
        var commandLine = SiloCommandLine.Parse(arguments, defaultFile: "other.json");
        Assert.Equal((SiloCommand.Run, "x.json"), (commandLine.Command, commandLine.ConfigurationFile));
        Assert.Equal("1", commandLine.Overrides["Silo:Port"]);
    }

    [Fact]
    public void The_file_may_come_from_the_environment() =>
        Assert.Equal("other.json", SiloCommandLine.Parse(["--healthcheck"], defaultFile: "other.json").ConfigurationFile);

    [Theory]
    [InlineData("command line: --config FILE is missing.")]
    [InlineData("command line: '--config' needs a value after it.", "--config")]
    [InlineData("command line: '--verbose' is none of", "--config", "x.json", "--verbose")]
    [InlineData("command line: 'run' is none of", "run")]
    [InlineData("command line: '--Silo:Port' needs a value after it.", "--Silo:Port")]
    public void What_is_wrong_is_said(string expected, params string[] arguments)
    {
        var failure = Assert.Throws<SiloConfigurationException>(() => SiloCommandLine.Parse(arguments, defaultFile: null));
        Assert.StartsWith(expected, Assert.Single(failure.Problems), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("--version")]
    public async Task Some_commands_need_no_file(string option)
    {
        var output = new StringWriter();
        Assert.Equal(0, await SiloProgram.Run([option], output, TextWriter.Null));
        Assert.NotEmpty(output.ToString());
    }
}
