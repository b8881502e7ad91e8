using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using LifeRaft.Chaos;
using Microsoft.Extensions.Logging;

namespace LifeRaft.Hosting.Tests;

/// <summary>Silos that are nothing but their part in the membership table: real connections, real pumps, disks that outlive the silos.</summary>
internal sealed class VoterBench : IAsyncDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    private readonly Dictionary<string, MemoryDisk> _disks = [];
    private readonly Dictionary<string, VoterBenchSilo> _running = [];

    public VoterBench(int voters = 3)
    {
        for (var number = 1; number <= voters; number++)
        {
            Voters[$"silo-{number}"] = $"127.0.0.1:{FreePort()}";
        }
    }

    /// <summary>The configuration that a silo is started with.</summary>
    public Dictionary<string, string> Voters { get; } = [];

    /// <summary>What the silos' logs say.</summary>
    public ConcurrentQueue<string> Said { get; } = [];

    public VoterBenchSilo this[string silo] => _running[silo];

    public static async Task<VoterBench> Start(int voters = 3)
    {
        var bench = new VoterBench(voters);
        await bench.Start([.. bench.Voters.Keys]);
        return bench;
    }

    /// <summary>Starts silos at once and waits until each has the table.</summary>
    public async Task Start(params string[] silos)
    {
        foreach (var silo in silos)
        {
            await Begin(silo);
        }

        await Task.WhenAll(silos.Select(HasTable));
    }

    /// <summary>Waits until a silo that was started has the table.</summary>
    public async Task HasTable(string silo)
    {
        try
        {
            await this[silo].Table.InitializeMembershipTableAsync(true).WaitAsync(_patience);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"{silo} has no table after {_patience.TotalSeconds} s. The silos said:\n{string.Join('\n', Said)}");
        }
    }

    /// <summary>Starts a silo, which then waits for the table.</summary>
    public async Task<VoterBenchSilo> Begin(string silo, string cluster = "bench", Action<LifeRaftClusteringOptions>? configure = null)
    {
        if (!_disks.TryGetValue(silo, out var disk))
        {
            disk = _disks[silo] = new MemoryDisk();
        }

        return _running[silo] = await VoterBenchSilo.Start(silo, cluster, disk, new BenchLog(silo, Said), options =>
        {
            foreach (var (voter, endPoint) in Voters)
            {
                options.Voters[voter] = endPoint;
            }

            configure?.Invoke(options);
        });
    }

    public async Task Stop(params string[] silos)
    {
        foreach (var silo in silos)
        {
            _running.Remove(silo, out var running);
            await running!.DisposeAsync();
        }
    }

    /// <summary>The disk of a silo that is stopped is lost.</summary>
    public void Wipe(string silo) => _disks.Remove(silo);

    /// <summary>Waits for what has no event of its own.</summary>
    public Task<T> For<T>(string phase, Func<Task<T>> look, Func<T, bool> isReached) => Polling.For(
        phase, look, isReached, seen => $"{seen}. The silos said:\n{string.Join('\n', Said)}", _patience, TestContext.Current.CancellationToken);

    /// <summary>Waits until a silo has said something.</summary>
    public Task Hears(string silo, string text) =>
        For($"{silo} says '{text}'", () => Task.FromResult(Said.Any(line => line.StartsWith($"{silo}: ", StringComparison.Ordinal) && line.Contains(text, StringComparison.Ordinal))), heard => heard);

    /// <summary>The leader, once the voters that run agree on it.</summary>
    public async Task<string> Leader() => (await For(
        "the voters agree on a leader",
        () => Task.WhenAll(_running.Values.Where(silo => silo.Voter is not null).Select(silo => silo.Voter!.Look())),
        looks => looks.Select(look => look.Leader).Distinct().Count() == 1 && _running.ContainsKey(looks[0].Leader)))[0].Leader;

    /// <summary>All voters that run know that all of them vote.</summary>
    public Task AllVote() => For(
        "all voters vote",
        () => Task.WhenAll(_running.Values.Where(silo => silo.Voter is not null).Select(silo => silo.Voter!.Look())),
        looks => looks.All(look => look.IsVoter && look.Leader.Length > 0 && look.Members.Order().SequenceEqual(Voters.Keys.Order())));

    /// <summary>Writes a row, as that silo, and returns the version that the table then has.</summary>
    public async Task<int> Insert(string silo, int generation)
    {
        var next = (await this[silo].Table.ReadAllAsync()).Version.Next();
        Assert.True(await this[silo].Table.InsertRowAsync(MembershipTableContract.Entry(generation), next));
        return next.Version;
    }

    /// <summary>The version of the table, as that silo reads it.</summary>
    public async Task<int> Version(string silo) => (await this[silo].Table.ReadAllAsync()).Version.Version;

    public async ValueTask DisposeAsync() => await Stop([.. _running.Keys]);

    /// <summary>A port that nobody is given while a silo is down: below those that outgoing connections get.</summary>
    private static int FreePort()
    {
        while (true)
        {
            var port = Random.Shared.Next(20_000, 32_000);
            using var listener = new TcpListener(IPAddress.Loopback, port);
            try
            {
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken; the next one.
            }
        }
    }

    private sealed class BenchLog(string silo, ConcurrentQueue<string> said) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            said.Enqueue($"{silo}: {formatter(state, exception)}");

        public void Dispose()
        {
        }
    }
}
