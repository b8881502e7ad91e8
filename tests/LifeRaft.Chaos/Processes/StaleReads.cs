namespace LifeRaft.Chaos;

/// <summary>Asks one node, whatever the others have: a judge compares nodes so, and a client that does it is a planted fault.</summary>
internal sealed class StaleReads(IRaftNode node) : IRaftCommands
{
    public Task<ReadOnlyMemory<byte>> Command(ReadOnlyMemory<byte> command, CancellationToken cancellationToken = default) =>
        node.Command(command).WaitAsync(cancellationToken);

    public async Task<ReadOnlyMemory<byte>> Query(ReadOnlyMemory<byte> query, CancellationToken cancellationToken = default) =>
        (await node.QueryStale(query).WaitAsync(cancellationToken)).Result;

    public Task<ReadOnlyMemory<byte>> Await(ReadOnlyMemory<byte> query, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("One node, asked for what it has now, has nothing to wait for.");
}
