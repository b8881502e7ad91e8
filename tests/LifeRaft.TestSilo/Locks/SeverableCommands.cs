namespace LifeRaft.TestSilo;

/// <summary>A connection to a group that can be severed: then nothing that is sent arrives, and no answer comes, until it is mended.</summary>
public sealed class SeverableCommands(IRaftCommands group) : IRaftCommands
{
    private readonly Gate _gate = new();

    /// <summary>From now on nothing passes.</summary>
    public void Sever() => _gate.Close();

    /// <summary>What waits passes.</summary>
    public void Mend() => _gate.Open();

    /// <inheritdoc/>
    public Task<ReadOnlyMemory<byte>> Command(ReadOnlyMemory<byte> command, CancellationToken cancellationToken = default) =>
        Pass(() => group.Command(command, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<ReadOnlyMemory<byte>> Query(ReadOnlyMemory<byte> query, CancellationToken cancellationToken = default) =>
        Pass(() => group.Query(query, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<ReadOnlyMemory<byte>> Await(ReadOnlyMemory<byte> query, CancellationToken cancellationToken = default) =>
        Pass(() => group.Await(query, cancellationToken), cancellationToken);

    private async Task<ReadOnlyMemory<byte>> Pass(Func<Task<ReadOnlyMemory<byte>>> request, CancellationToken cancellationToken)
    {
        await _gate.Passed.WaitAsync(cancellationToken);
        try
        {
            return await request();
        }
        finally
        {
            await _gate.Passed.WaitAsync(cancellationToken);
        }
    }
}
