namespace LifeRaft.Samples;

/// <summary>The way from one host to the group, which can be cut.</summary>
public sealed class Network(IRaftCommands group) : IRaftCommands
{
    public bool IsCut { get; set; }

    public Task<ReadOnlyMemory<byte>> Command(ReadOnlyMemory<byte> command, CancellationToken cancellationToken = default) => Reached().Command(command, cancellationToken);

    public Task<ReadOnlyMemory<byte>> Query(ReadOnlyMemory<byte> query, CancellationToken cancellationToken = default) => Reached().Query(query, cancellationToken);

    public Task<ReadOnlyMemory<byte>> Await(ReadOnlyMemory<byte> query, CancellationToken cancellationToken = default) => Reached().Await(query, cancellationToken);

    private IRaftCommands Reached() => IsCut ? throw new GroupUnavailableException("The network is cut.") : group;
}
