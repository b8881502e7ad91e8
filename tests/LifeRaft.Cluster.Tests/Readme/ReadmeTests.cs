using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace LifeRaft.Cluster.Tests;

/// <summary>What the README shows compiles, runs, and is what it shows.</summary>
public sealed class ReadmeTests
{
    [Fact]
    public async Task The_readmes_code_runs()
    {
        // The example takes the host's usual settings, so this is how its log is kept quiet.
        Environment.SetEnvironmentVariable("Logging__LogLevel__Default", "None");
        Environment.SetEnvironmentVariable("Logging__LogLevel__Microsoft.Hosting.Lifetime", "None");
        var data = Directory.CreateTempSubdirectory("liferaft-test-");
        try
        {
            using var silo = await Example.Silo(data.FullName);
            var builder = Host.CreateApplicationBuilder();
            builder.UseOrleansClient(client => client.UseLocalhostClustering());
            using var host = builder.Build();
            await host.StartAsync(TestContext.Current.CancellationToken);
            Assert.Equal("paid, version 1", await Example.Client(host.Services.GetRequiredService<IClusterClient>()));
            await host.StopAsync(TestContext.Current.CancellationToken);
            await silo.StopAsync(TestContext.Current.CancellationToken);
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("silo")]
    [InlineData("client")]
    public void The_readme_shows_the_code_that_runs(string part)
    {
        var example = File.ReadAllText(Beside("Example.cs"));
        var from = example.IndexOf($"// begin {part}\n", StringComparison.Ordinal) + $"// begin {part}\n".Length;
        var shown = example[from..example.IndexOf($"        // end {part}", StringComparison.Ordinal)]
            .Split('\n')
            .Select(line => line.Length >= 8 ? line[8..] : line);
        Assert.Contains(string.Join('\n', shown).Trim(), File.ReadAllText(Beside("../../../README.md")), StringComparison.Ordinal);
    }

    private static string Beside(string file, [CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, file);
}
