using System.Diagnostics;
using HdrHistogram;
using Orleans.Runtime.Messaging;

namespace LifeRaft.Cli;

/// <summary>
/// Clients that write, each one write after the other: a compare-and-swap of a fresh key, sent once. What is known not to have been done
/// is sent again; what may have been done is left to the reading at the end.
/// </summary>
internal sealed class WriteClients(DemoCluster cluster, WriteLedger ledger, TimeProvider time, Action<Exception> fail, CancellationToken cancellationToken)
{
    private const long LongestMicroseconds = 600_000_000;

    private static readonly TimeSpan _pauseAfterRefusal = TimeSpan.FromMilliseconds(15);

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
        while (pause() is { } patience)
        {
            if (patience > TimeSpan.Zero)
            {
                await Task.Delay(patience, time, cancellationToken);
            }

            var write = ledger.Begin();
            var sent = Stopwatch.GetTimestamp();
            var outcome = await Write(client, write);
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

    private async Task<WriteOutcome> Write(int client, int write)
    {
        var key = WriteLedger.KeyOf(write);
        var value = WriteLedger.ValueOf(write);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var silo = cluster.SiloFor(client);
            try
            {
                var (succeeded, _) = await silo.Store.CompareAndSwap(key, expectedVersion: 0, value, silo.Down);
                return succeeded ? WriteOutcome.Acknowledged : WriteOutcome.Refused;
            }
            catch (Exception) when (silo.Down.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                // The client's own silo was killed: whatever it says now, the command may have left it before.
                return WriteOutcome.Unknown;
            }
            catch (Exception failure) when (failure is OutcomeUnknownException or OrleansException or TimeoutException or IOException or ConnectionFailedException)
            {
                return WriteOutcome.Unknown;
            }
            catch (Exception failure) when (failure is GroupUnavailableException or OverloadedException or NodeUnavailableException)
            {
                await Task.Delay(_pauseAfterRefusal, time, cancellationToken);
            }
        }
    }
}
