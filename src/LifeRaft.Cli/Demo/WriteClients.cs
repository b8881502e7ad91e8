using System.Collections.Concurrent;
using System.Diagnostics;
using HdrHistogram;

namespace LifeRaft.Cli;

/// <summary>
/// Clients that write, each one write after the other, in a session of its own: a compare-and-swap of a fresh key. The session repeats
/// it until there is an answer, at whichever silo runs, and the group applies it once.
/// </summary>
internal sealed class WriteClients(
    DemoCluster cluster, WriteLedger ledger, DemoSettings settings, TimeProvider time, Action<Exception> fail, CancellationToken cancellationToken) : IAsyncDisposable
{
    private const long LongestMicroseconds = 600_000_000;

    private static readonly TimeSpan _pauseAfterRefusal = TimeSpan.FromMilliseconds(15);

    private readonly ConcurrentDictionary<int, RaftSession> _sessions = [];

    /// <summary>For <see cref="Latencies"/> of acknowledged writes, in microseconds.</summary>
    public static HistogramBase Latencies() => new LongConcurrentHistogram(1, LongestMicroseconds, 3);

    /// <summary>So many clients at once, until each finds that it is enough.</summary>
    /// <param name="clients">How many.</param>
    /// <param name="pause">Asked before each write: how long to wait before it, or null if it is enough.</param>
    /// <param name="latencies">Where the latency of each acknowledged write goes.</param>
    public Task Write(int clients, Func<TimeSpan?> pause, HistogramBase latencies) =>
        Task.WhenAll(Enumerable.Range(0, clients).Select(client => WriteOrFail(client, pause, latencies)));

    /// <summary>One client of that number, which decides at which silo it writes.</summary>
    public async Task WriteAs(int client, Func<TimeSpan?> pause, HistogramBase latencies)
    {
        var store = new KeyValueStore(await SessionOf(client));
        while (pause() is { } patience)
        {
            if (patience > TimeSpan.Zero)
            {
                await Task.Delay(patience, time, cancellationToken);
            }

            var write = ledger.Begin();
            var sent = Stopwatch.GetTimestamp();
            var outcome = await Write(store, write);
            ledger.End(write, outcome, sent);
            if (outcome == WriteOutcome.Acknowledged)
            {
                latencies.RecordValue(Math.Clamp((long)Stopwatch.GetElapsedTime(sent).TotalMicroseconds, 1, LongestMicroseconds));
            }
        }
    }

    private async Task WriteOrFail(int client, Func<TimeSpan?> pause, HistogramBase latencies)
    {
        try
        {
            await WriteAs(client, pause, latencies);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            // Without this the others would write on, and nobody would learn of it before they end.
            fail(failure);
            throw;
        }
    }

    public async ValueTask DisposeAsync() => await Task.WhenAll(_sessions.Values.Select(session => session.DisposeAsync().AsTask()));

    private async Task<RaftSession> SessionOf(int client)
    {
        if (!_sessions.TryGetValue(client, out var session))
        {
            var grains = RoamingGrains.Of(() => cluster.SiloFor(client).Grains);
            session = await grains.GetRaftGroup(DemoCluster.GroupName).OpenSession(cancellationToken);
            session.Timeout = settings.Timeout;
            _sessions[client] = session;
        }

        return session;
    }

    private async Task<WriteOutcome> Write(KeyValueStore store, int write)
    {
        while (true)
        {
            try
            {
                var (succeeded, _) = await store.CompareAndSwap(WriteLedger.KeyOf(write), expectedVersion: 0, WriteLedger.ValueOf(write), cancellationToken);
                return succeeded ? WriteOutcome.Acknowledged : WriteOutcome.Refused;
            }
            catch (Exception failure) when (failure is GroupUnavailableException or OverloadedException)
            {
                await Task.Delay(_pauseAfterRefusal, time, cancellationToken);
            }
            catch (OutcomeUnknownException)
            {
                return WriteOutcome.Unknown;
            }
        }
    }
}
