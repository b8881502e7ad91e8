using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LifeRaft.Cluster.Tests;

/// <summary>What a cluster says in its logs when a silo dies and returns.</summary>
public sealed class NodeLogTests
{
    [Fact]
    public async Task A_new_leader_says_why_it_leads_and_which_silo_is_silent_and_when_that_one_is_back()
    {
        var log = new Captured();
        await using var cluster = await RaftCluster.Start(3, services: silo =>
        {
            silo.Services.AddSingleton<ILoggerProvider>(log);
            silo.Services.PostConfigure<LoggerFilterOptions>(filter =>
            {
                filter.Rules.Clear();
                filter.MinLevel = LogLevel.None;
                filter.Rules.Add(new LoggerFilterRule(null, "LifeRaft", LogLevel.Information, null));
            });
        });
        var group = await cluster.Create("kv/logged");
        var leader = await cluster.Leader(group);
        Assert.Contains(log.Entries, entry => entry == ("MemberJoined", $"kv/logged/{leader.Address}, which leads, says: {leader.Address} is now a member of the group, as {leader.Member}.") || entry.Name == "MemberJoined");

        var dead = RaftCluster.SiloOf(leader.Address);
        await cluster.Kill(dead);
        var next = await cluster.Leader(group);
        await Said("LeadershipWon", $"kv/logged/{next.Address} leads its group in term {next.Term}: it heard no leader, and neither did a majority.");
        await Said("SiloSilent", $"Silo '{RaftCluster.Silo(dead)}' does not answer the leaders of this silo; kv/logged/{next.Address} was the first to miss it.");

        await cluster.Restart(dead);
        await Said("SiloHeard", $"Silo '{RaftCluster.Silo(dead)}' is missed by no leader of this silo any more.");
        Assert.DoesNotContain(log.Entries, entry => entry.Name is "NodeFailed" or "StoreStopped");

        Task Said(string name, string message) => Wait.For(
            $"'{message}' is said",
            () => Task.FromResult(log.Entries.ToList()),
            entries => entries.Contains((name, message)),
            entries => string.Join('\n', entries));
    }

    private sealed class Captured : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<(string Name, string Message)> Entries { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public void Dispose()
        {
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Entries.Enqueue((eventId.Name ?? "", formatter(state, exception)));
    }
}
