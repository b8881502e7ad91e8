using LifeRaft.Protocol;

namespace LifeRaft.Tests.KeyValue;

/// <summary>A group without a group: commands go straight to one machine, and its exceptions straight to the caller.</summary>
internal sealed class LocalMachine(IStateMachine machine) : IRaftCommands
{
    public int Commands { get; private set; }

    public int Queries { get; private set; }

    public static ReadOnlyMemory<byte> Apply(IStateMachine machine, ReadOnlyMemory<byte> command, long index = 1) =>
        machine.Apply(new CommandContext(new LogIndex(index), new Term(1), DateTimeOffset.UnixEpoch), command);

    public Task<ReadOnlyMemory<byte>> Command(ReadOnlyMemory<byte> command, CancellationToken cancellationToken = default) =>
        Task.FromResult(Apply(machine, command, ++Commands));

    public Task<ReadOnlyMemory<byte>> Query(ReadOnlyMemory<byte> query, CancellationToken cancellationToken = default)
    {
        Queries++;
        return Task.FromResult(machine.Query(query));
    }
}
