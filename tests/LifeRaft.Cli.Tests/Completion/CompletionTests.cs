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

    [Fact]
    public async Task Help_says_what_the_exit_codes_mean()
    {
        var run = await ToolRun.Of("--help");
        Assert.Equal((0, ""), (run.Exit, run.Error));
        Assert.All(ExitCodes.All, code => Assert.Contains($"  {code.Code,-4} {code.Meaning}", run.Output, StringComparison.Ordinal));
    }
}
