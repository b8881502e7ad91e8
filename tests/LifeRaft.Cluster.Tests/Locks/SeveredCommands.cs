namespace LifeRaft.Cluster.Tests.Locks;

/// <summary>A group as a process sees it that can be cut off: nothing it sends arrives then.</summary>
internal sealed class SeveredCommands(IRaftCommands group) : IRaftCommands
{
    public bool IsSevered { get; set; }

    public Task<ReadOnlyMemory<byte>> Command(ReadOnlyMemory<byte> command, CancellationToken cancellationToken = default) =>
        IsSevered ? throw new GroupUnavailableException("The test has cut the client off.") : group.Command(command, cancellationToken);

    public Task<ReadOnlyMemory<byte>> Query(ReadOnlyMemory<byte> query, CancellationToken cancellationToken = default) =>
        IsSevered ? throw new GroupUnavailableException("The test has cut the client off.") : group.Query(query, cancellationToken);

    public Task<ReadOnlyMemory<byte>> Await(ReadOnlyMemory<byte> query, CancellationToken cancellationToken = default) =>
        IsSevered ? throw new GroupUnavailableException("The test has cut the client off.") : group.Await(query, cancellationToken);
}
