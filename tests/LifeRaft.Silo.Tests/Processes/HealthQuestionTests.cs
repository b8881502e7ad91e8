namespace LifeRaft.Silo.Tests;

/// <summary><c>--healthcheck</c>, as a container asks it.</summary>
public sealed class HealthQuestionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task It_holds_while_the_silo_is_ready_and_says_why_not()
    {
        var place = new SiloPlace(Repository.SiloConfig("dev.json"), _folder.Path);
        Assert.Equal((1, true), await Ask(place, "does not answer: Connection refused"));
        await using var silo = SiloProcess.Start(place);
        await silo.Ready();
        Assert.Equal((0, true), await Ask(place, "\"status\": \"Healthy\""));
        silo.Terminate();
        await silo.Ended();
        Assert.Equal((1, true), await Ask(place, "does not answer: Connection refused"));
    }

    private static async Task<(int ExitCode, bool SaysSo)> Ask(SiloPlace place, string expected)
    {
        await using var question = SiloProcess.Start(place, "--healthcheck");
        return (await question.Ended(), question.Said.Contains(expected, StringComparison.Ordinal));
    }
}
