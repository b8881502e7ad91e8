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
            Assert.Equal("paid, version 1; then version 2", await Example.Client(host.Services.GetRequiredService<IClusterClient>()));
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
    [InlineData("session")]
    [InlineData("reads")]
    public void The_readme_shows_the_code_that_runs(string part)
    {
        const string Folder = "tests/LifeRaft.Cluster.Tests/Readme";
        var example = string.Concat(Repository($"{Folder}/Example.cs"), Repository($"{Folder}/Accounts.cs"), Repository($"{Folder}/AccountsTests.cs")).Split('\n').ToList();
        var begin = example.FindIndex(line => line.TrimStart() == $"// begin {part}");
        var indent = example[begin].IndexOf('/', StringComparison.Ordinal);
        var shown = example.Skip(begin + 1)
            .TakeWhile(line => line.TrimStart() != $"// end {part}")
            .Select(line => line.Length >= indent ? line[indent..] : line);
        Assert.Contains(string.Join('\n', shown).Trim(), Repository("README.md"), StringComparison.Ordinal);
    }

    /// <summary>A file of the repository, above the folder that the tests run in: a build in CI maps source paths away.</summary>
    private static string Repository(string file)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "LifeRaft.sln")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException($"No LifeRaft.sln above {AppContext.BaseDirectory}.");
        }

        return File.ReadAllText(Path.Combine(folder.FullName, file));
    }
}
