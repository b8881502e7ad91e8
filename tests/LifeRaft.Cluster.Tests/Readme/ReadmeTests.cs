using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace LifeRaft.Cluster.Tests;

/// <summary>What the README shows compiles, runs, and is what it shows.</summary>
public sealed class ReadmeTests
{
    private static readonly string[] _foldersThatRun = ["src/Samples", "tests/LifeRaft.Cluster.Tests/Readme"];

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
            Assert.Equal("paid, version 1; then version 2", await Example.Client(host.Services.GetRequiredService<IClusterClient>()));
            await host.StopAsync(TestContext.Current.CancellationToken);
            await silo.StopAsync(TestContext.Current.CancellationToken);
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }

    [Fact]
    public void Every_piece_of_code_that_the_readme_shows_stands_in_code_that_runs()
    {
        var root = Root();
        var code = _foldersThatRun
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(root, folder), "*.cs", SearchOption.AllDirectories))
            .Select(file => string.Join('\n', File.ReadLines(file).Select(line => line.Trim())))
            .ToList();
        var shown = File.ReadAllText(Path.Combine(root, "README.md")).Split("```csharp\n").Skip(1)
            .Select(block => string.Join('\n', block[..block.IndexOf("```", StringComparison.Ordinal)].Split('\n').Select(line => line.Trim())).Trim())
            .ToList();
        Assert.NotEmpty(shown);
        Assert.All(shown, block => Assert.True(code.Any(file => file.Contains(block, StringComparison.Ordinal)), $"No code that runs holds this:\n{block}"));
    }

    /// <summary>The repository, above the folder that the tests run in: a build in CI maps source paths away.</summary>
    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "LifeRaft.sln")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException($"No LifeRaft.sln above {AppContext.BaseDirectory}.");
        }

        return folder.FullName;
    }
}
