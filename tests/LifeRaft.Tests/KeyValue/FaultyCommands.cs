namespace LifeRaft.Tests.KeyValue;

/// <summary>A group whose commands a test may make fail, before or after they are applied, or take long.</summary>
internal sealed class FaultyCommands(LocalMachine group) : IRaftCommands
{
    /// <summary>What happens to the next commands before they are applied.</summary>
    public Func<Task> Before { get; set; } = () => Task.CompletedTask;

    /// <summary>What happens to the next commands once they are applied.</summary>
    public Func<Task> After { get; set; } = () => Task.CompletedTask;

    public async Task<ReadOnlyMemory<byte>> Command(ReadOnlyMemory<byte> command, CancellationToken cancellationToken = default)
    {
        await Before().WaitAsync(cancellationToken);
        var result = await group.Command(command, cancellationToken);
        await After().WaitAsync(cancellationToken);
        return result;
    }

    public Task<ReadOnlyMemory<byte>> Query(ReadOnlyMemory<byte> query, CancellationToken cancellationToken = default) => group.Query(query, cancellationToken);

    public Task<ReadOnlyMemory<byte>> Await(ReadOnlyMemory<byte> query, CancellationToken cancellationToken = default) => group.Await(query, cancellationToken);
}
