namespace LifeRaft.Cluster.Tests;

/// <summary>The events of a node from one moment to its end.</summary>
internal sealed class Recording
{
    private Recording(Task<List<RaftEvent>> rest) => Rest = rest;

    /// <summary>All of them, once the node has ended or the recording was stopped.</summary>
    public Task<List<RaftEvent>> Rest { get; }

    /// <summary>Begins to record. An enumeration does not say when it has begun, so the node is made to raise error events until one is heard.</summary>
    /// <param name="node">Whose events.</param>
    /// <param name="stop">Stops the recording.</param>
    public static async Task<Recording> Of(IRaftNode node, CancellationToken? stop = null)
    {
        var token = stop ?? TestContext.Current.CancellationToken;
        var events = node.Watch(token).GetAsyncEnumerator(token);
        var first = events.MoveNextAsync().AsTask();
        var probe = await node.Packet(PacketTypes.Error, "the recording has begun");
        while (!first.IsCompleted)
        {
            await node.Receive(probe);
        }

        return new Recording(ReadAll(events, first));
    }

    private static async Task<List<RaftEvent>> ReadAll(IAsyncEnumerator<RaftEvent> events, Task<bool> first)
    {
        var all = new List<RaftEvent>();
        try
        {
            for (var more = await first; more; more = await events.MoveNextAsync())
            {
                all.Add(events.Current);
            }
        }
        catch (OperationCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            // It was stopped.
        }

        await events.DisposeAsync();
        return all;
    }
}
