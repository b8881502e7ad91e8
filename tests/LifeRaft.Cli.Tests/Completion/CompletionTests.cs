namespace LifeRaft.Cli.Tests.Completion;

public sealed class CompletionTests
{
    [Theory]
    [InlineData("bash", "complete -o default -F _liferaft liferaft")]
    [InlineData("zsh", "compdef _liferaft liferaft")]
    [InlineData("fish", "complete -c liferaft")]
    [InlineData("pwsh", "Register-ArgumentCompleter")]
    public async Task Each_shell_has_a_script(string shell, string line)
    {
        var run = await ToolRun.Of("completion", shell);
        Assert.Equal((0, ""), (run.Exit, run.Error));
        Assert.Contains(line, run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_shell_is_refused()
    {
        var run = await ToolRun.Of("completion", "csh");
        Assert.Equal((2, "There is a script for bash, zsh, fish, pwsh, not for 'csh'."), (run.Exit, run.Error.Split(Environment.NewLine)[0]));
    }

    [Fact]
    public async Task The_tool_itself_says_what_may_follow()
    {
        var run = await ToolRun.Of("[suggest:5]", "comp ");
        Assert.Equal(0, run.Exit);
        Assert.Contains("completion", run.Output, StringComparison.Ordinal);

        run = await ToolRun.Of("[suggest:14]", "completion -o ");
        Assert.Equal(["json", "table", "wide"], run.Output.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("'liferaft' has no command 'sttaus'. Did you mean 'status'?", "sttaus")]
    [InlineData("'liferaft silo' has no command 'stop'. It has: list, drain, resume.", "silo", "stop", "silo-1")]
    [InlineData("'liferaft wal' needs one of its commands: inspect, verify.", "wal")]
    [InlineData("'liferaft' has no option '--verbose'.", "--verbose")]
    public async Task A_command_that_is_none_is_answered_by_those_that_are(string reason, params string[] arguments)
    {
        var run = await ToolRun.Of(arguments);
        Assert.Equal((2, "", reason), (run.Exit, run.Output, run.Error.Split(Environment.NewLine)[0]));
    }

    [Fact]
    public async Task Without_a_word_the_tool_shows_its_help()
    {
        var run = await ToolRun.Of();
        Assert.Equal((0, ""), (run.Exit, run.Error));
        Assert.Contains("Usage:", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("/?", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_help_of_no_command_shows_a_default_twice_or_one_that_cannot_be_typed()
    {
        foreach (var command in Up.Sessions.CommandsBelow(Tool.CreateRoot()))
        {
            var run = await ToolRun.Of([.. command.Split(' '), "--help"]);
            Assert.Equal((0, ""), (run.Exit, run.Error));
            Assert.All(run.Output.Split(Environment.NewLine), line => Assert.True(line.Split("default: ").Length <= 2, $"liferaft {command} --help: {line}"));
            Assert.DoesNotMatch(@"default: [^\]]*\d[:,]\d\d", run.Output.Replace("127.0.0.1:30000", "", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task What_is_long_is_said_by_the_help_of_the_command_and_not_in_the_list_beside_others()
    {
        var list = await ToolRun.Of("lock", "--help");
        Assert.DoesNotContain("LIFERAFT_FENCING_TOKEN", list.Output, StringComparison.Ordinal);
        var help = await ToolRun.Of("lock", "run", "--help");
        Assert.Contains("LIFERAFT_FENCING_TOKEN", help.Output, StringComparison.Ordinal);
        Assert.All(GuardedRun.Codes, code => Assert.Contains($"  {code.Code,-4} {code.Meaning}", help.Output, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Help_says_what_the_exit_codes_mean()
    {
        var run = await ToolRun.Of("--help");
        Assert.Equal((0, ""), (run.Exit, run.Error));
        Assert.All(ExitCodes.All, code => Assert.Contains($"  {code.Code,-4} {code.Meaning}", run.Output, StringComparison.Ordinal));
    }
}
