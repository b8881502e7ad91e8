using LifeRaft.Protocol;

namespace LifeRaft.Simulation;

/// <summary>The registers of one activation, under the eyes of the judges. An installed snapshot brings another one.</summary>
internal sealed class JudgedMachine(Activation activation, RegisterMachine registers) : IStateMachine
{
    public RegisterMachine Registers => registers;

    public ReadOnlyMemory<byte> Apply(in CommandContext context, ReadOnlyMemory<byte> command)
    {
        if (!activation.Reaches())
        {
            return default;
        }

        activation.NoticeMachine(this);
        activation.World.Judges.Applied(activation, context.Index, command);
        activation.World.Trace.Note((int)TraceMark.Applied, activation.Number, context.Index.Value, context.Term.Value);
        var result = registers.Apply(context, command);
        activation.World.Judges.HasApplied(context.Index, registers);
        return result;
    }

    public ReadOnlyMemory<byte> Query(ReadOnlyMemory<byte> query) => registers.Query(query);

    public Action<Stream> CaptureSnapshot()
    {
        activation.World.Counts.SnapshotsTaken++;
        return registers.CaptureSnapshot();
    }

    public void ReadSnapshot(Stream source) => registers.ReadSnapshot(source);
}
