namespace LifeRaft.Chaos;

/// <summary>
/// The clients of a run, each with a handle of its own. Every other one reads by lease, and every fourth works in a session, so that it
/// repeats what was not answered.
/// </summary>
internal sealed class ChaosClients : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly KeySpace _keys = new();
    private readonly ProcessCluster _cluster;
    private readonly ClientHistory _history;
    private readonly bool _readStale;
    private readonly Task _working;

    public ChaosClients(ProcessCluster cluster, ClientHistory history, int count, int seed, bool readStale)
    {
        (_cluster, _history, _readStale) = (cluster, history, readStale);
        _working = Task.WhenAll(Enumerable.Range(1, count).Select(number => Work(number, new Random(HashCode.Combine(seed, number)))).ToList());
    }

    /// <summary>Lets the operations that are under way come to an end.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _working;
        _stopping.Dispose();
    }

    private async Task Work(int number, Random random)
    {
        var group = _cluster.Group();
        if (number % 4 == 0)
        {
            await using var session = await OpenSession(group);
            session.Reads = Reads(number);
            await Work(number, session, random);
            return;
        }

        // Long enough for an election on a busy machine; short, because a silo that is killed leaves its callers without an answer.
        group.Timeout = 2 * ChaosSettings.Timings.ElectionMax;
        group.Reads = Reads(number);
        await Work(number, group, random);
    }

    private static async Task<RaftSession> OpenSession(RaftGroup group)
    {
        while (true)
        {
            try
            {
                return await group.OpenSession(CancellationToken.None);
            }
            catch (Exception failure) when (failure is GroupUnavailableException or GroupNotFoundException or OutcomeUnknownException)
            {
                // A fault; it ends.
                await Task.Delay(ChaosSettings.Timings.Heartbeat);
            }
        }
    }

    private Task Work(int number, IRaftCommands commands, Random random)
    {
        var writes = new KeyValueStore(commands);
        var reads = _readStale ? new KeyValueStore(new StaleReads(_cluster.Nodes[_cluster.Silos[number % _cluster.Silos.Count]])) : writes;
        return new ChaosClient(_history, reads, writes).Run(_keys, random, _stopping.Token);
    }

    private static ReadConsistency Reads(int number) => number % 2 == 0 ? ReadConsistency.Lease : ReadConsistency.Linearizable;
}
