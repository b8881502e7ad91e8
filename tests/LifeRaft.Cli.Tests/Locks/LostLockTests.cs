namespace LifeRaft.Cli.Tests.Locks;

/// <summary>The program does not outlive what it was run under.</summary>
public sealed class LostLockTests
{
    [Theory]
    [InlineData("lock", "run", "trap 'echo asked >&2; exit 0' TERM; echo $$ > {0}; while :; do sleep 0.05; done")]
    [InlineData("lock", "run", "trap '' TERM; echo $$ > {0}; while :; do sleep 0.05; done")]
    [InlineData("elect", "--once", "trap '' TERM; echo $$ > {0}; while :; do sleep 0.05; done")]
    public async Task When_the_group_is_gone_the_program_is_ended_also_if_it_does_not_want_to(string command, string subcommand, string script)
    {
        var cluster = await CliCluster.Start(1);
        var file = Path.GetTempFileName();
        try
        {
            await cluster.Create("lock/default");
            var tool = cluster.Run([command, subcommand, "name", "--ttl", "1 s", "--timeout", "1 s", "--", "sh", "-c", string.Format(System.Globalization.CultureInfo.InvariantCulture, script, file)]);
            var process = await Wait.For("the program runs", async () => int.TryParse(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken), out var id) ? id : 0, id => id > 0);
            await cluster.Kill(1);
            var run = await tool.WaitAsync(Wait.Patience, TestContext.Current.CancellationToken);
            Assert.Equal(76, run.Exit);
            Assert.Contains("was lost, so the program was ended.", run.Error, StringComparison.Ordinal);
            Assert.False(Directory.Exists($"/proc/{process}"));
        }
        finally
        {
            File.Delete(file);
            await cluster.DisposeAsync();
        }
    }
}
