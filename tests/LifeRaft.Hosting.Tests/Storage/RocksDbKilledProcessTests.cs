using System.Diagnostics;
using System.Globalization;
using LifeRaft.Protocol;
using LifeRaft.Storage.RocksDb;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;
using static LifeRaft.Hosting.Tests.Storage.StoreTesting;

namespace LifeRaft.Hosting.Tests.Storage;

/// <summary>A real process that is killed while it writes, flushes and changes log files.</summary>
public sealed class RocksDbKilledProcessTests
{
    private const string DirectoryVariable = "LIFERAFT_TEST_DIRECTORY";
    private const string Acknowledged = "acknowledged ";
    [Fact]
    public async Task S62_A_process_that_is_killed_at_work_loses_nothing_that_it_acknowledged_and_is_alone_till_then()
    {
        using var directory = new TemporaryDirectory();
        for (var round = 1; round <= 3; round++)
        {
            using var writer = StartWriter(directory.Path);
            var acknowledged = await KillAfter(writer, directory.Path, writes: 4000);

            await using var store = At(directory.Path);
            await store.Open(CancellationToken.None);
            var log = await store.Claim("g/1");
            var last = log.Restored.Last.Value;
            Assert.True(last >= acknowledged, $"Round {round}: {acknowledged} writes were acknowledged, {last} are there.");
            Assert.Equal(2 * round, store.StartCount);
            AssertSame(Range(1, last).Select(index => Entry(index, payloadBytes: 1000)), await log.ReadAll(1, last));
        }
    }

    /// <summary>The process that is killed. It runs only when it is started by the test above.</summary>
    [Fact(Explicit = true)]
    public async Task The_writer_that_is_killed()
    {
        var directory = Environment.GetEnvironmentVariable(DirectoryVariable);
        Assert.SkipWhen(directory is null, $"This is the child of another test; {DirectoryVariable} says where it writes.");
        await using var store = At(directory!);
        await store.Open(CancellationToken.None);
        var log = await store.Claim("g/1");
        var output = Console.Out;
        output.WriteLine(Acknowledged + log.Restored.Last);
        for (var index = log.Restored.Last.Value + 1; ; index += 10)
        {
            await Task.WhenAll(Range(index, index + 9).Select(i => log.Durable(Only(Entry(i, payloadBytes: 1000)))));
            output.WriteLine(Acknowledged + (index + 9));
        }
    }

    private static RocksDbLogStore At(string directory) => new(
        new RocksDbLogStoreOptions { Directory = directory, WriteBufferBytes = 1024 * 1024 }, NullLogger<RocksDbLogStore>.Instance);

    private static Process StartWriter(string directory)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        string[] arguments =
        [
            "exec", typeof(RocksDbKilledProcessTests).Assembly.Location,
            "-method", $"{typeof(RocksDbKilledProcessTests).FullName}.{nameof(The_writer_that_is_killed)}", "-explicit", "only",
        ];
        Array.ForEach(arguments, start.ArgumentList.Add);
        start.Environment[DirectoryVariable] = directory;
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("TESTINGPLATFORM", StringComparison.Ordinal)).ToArray())
        {
            start.Environment.Remove(name);
        }

        return Process.Start(start)!;
    }

    private static async Task AssertThatAnotherProcessIsRefused(string directory)
    {
        await using var second = At(directory);
        var failure = await Assert.ThrowsAsync<LogStoreException>(() => second.Open(CancellationToken.None).Within());
        Assert.Contains($"{directory} is open already", failure.Message, StringComparison.Ordinal);
    }

    /// <summary>Kills the process when it has acknowledged that many writes; returns the last index that it reported.</summary>
    private static async Task<long> KillAfter(Process writer, string directory, int writes)
    {
        var lines = new List<string>();
        long first = -1;
        long last = -1;
        while (await writer.StandardOutput.ReadLineAsync().Within() is { } line)
        {
            lines.Add(line);
            var at = line.IndexOf(Acknowledged, StringComparison.Ordinal);
            if (at >= 0)
            {
                last = long.Parse(line.AsSpan(at + Acknowledged.Length), CultureInfo.InvariantCulture);
                if (first < 0)
                {
                    first = last;
                    await AssertThatAnotherProcessIsRefused(directory);
                }

                if (last - first >= writes)
                {
                    writer.Kill();
                }
            }
        }

        await writer.WaitForExitAsync().Within();
        Assert.True(last - first >= writes, $"The writer ended by itself:{Environment.NewLine}{string.Join(Environment.NewLine, lines.Take(40))}");
        return last;
    }
}
