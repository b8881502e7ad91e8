namespace LifeRaft.Docker.Tests;

/// <summary>Prometheus' own checker of its configuration and rules.</summary>
internal static class Promtool
{
    private const string Variable = "LIFERAFT_TEST_PROMTOOL";

    /// <summary>Skips the test where there is no promtool, visibly; fails it where the variable CI is true.</summary>
    public static Answer Run(params string[] arguments)
    {
        var program = Environment.GetEnvironmentVariable(Variable) ?? "promtool";
        if (Shell.Run("sh", "-c", $"command -v '{program}'").ExitCode != 0)
        {
            var obstacle = $"There is no {program}: apt-get install prometheus, or name it in {Variable}.";
            if (Environment.GetEnvironmentVariable("CI") == "true")
            {
                Assert.Fail(obstacle);
            }

            Assert.Skip(obstacle);
        }

        return Shell.Run(program, arguments);
    }
}
