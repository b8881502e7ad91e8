using System.Text;

namespace LifeRaft.TestingHost.Tests;

/// <summary>A machine that notes a line for each command, as it is told, and answers with the line.</summary>
internal class Notebook(Func<ReadOnlyMemory<byte>, string> note) : IStateMachine
{
    protected List<string> Lines { get; set; } = [];

    public virtual ReadOnlyMemory<byte> Apply(in CommandContext context, ReadOnlyMemory<byte> command)
    {
        var line = note(command);
        Lines = [.. Lines, line];
        return Encoding.UTF8.GetBytes(line);
    }

    public virtual ReadOnlyMemory<byte> Query(ReadOnlyMemory<byte> query) => BitConverter.GetBytes(Lines.Count);

    public virtual Action<Stream> CaptureSnapshot()
    {
        var lines = Lines;
        return destination => Write(destination, lines);
    }

    public virtual void ReadSnapshot(Stream source)
    {
        using var reader = new BinaryReader(source, Encoding.UTF8, leaveOpen: true);
        Lines = [.. Enumerable.Range(0, reader.ReadInt32()).Select(_ => reader.ReadString())];
    }

    protected static void Write(Stream destination, List<string> lines)
    {
        using var writer = new BinaryWriter(destination, Encoding.UTF8, leaveOpen: true);
        writer.Write(lines.Count);
        lines.ForEach(writer.Write);
    }
}

/// <summary>Counts what it has noted in a field that no snapshot has.</summary>
internal sealed class ForgetfulNotebook() : Notebook(_ => "line")
{
    private int _count;

    public override ReadOnlyMemory<byte> Apply(in CommandContext context, ReadOnlyMemory<byte> command)
    {
        base.Apply(context, command);
        return BitConverter.GetBytes(++_count);
    }
}

/// <summary>Its snapshots hold what comes after them.</summary>
internal sealed class LateNotebook() : Notebook(_ => "line")
{
    public override Action<Stream> CaptureSnapshot() => destination => Write(destination, Lines);
}

/// <summary>Loses a line whenever it reads a snapshot.</summary>
internal sealed class LossyNotebook() : Notebook(_ => "line")
{
    public override void ReadSnapshot(Stream source)
    {
        base.ReadSnapshot(source);
        Lines = [.. Lines.Skip(1)];
    }
}

/// <summary>Reads whatever there is to read.</summary>
internal sealed class GreedyNotebook() : Notebook(_ => "line")
{
    public override void ReadSnapshot(Stream source)
    {
        base.ReadSnapshot(source);
        source.CopyTo(Stream.Null);
    }
}

/// <summary>Notes a line, then throws.</summary>
internal sealed class TornNotebook() : Notebook(_ => "line")
{
    public override ReadOnlyMemory<byte> Apply(in CommandContext context, ReadOnlyMemory<byte> command)
    {
        base.Apply(context, command);
        throw new InvalidOperationException("The pen broke.");
    }
}

/// <summary>Notes what it is asked.</summary>
internal sealed class NosyNotebook() : Notebook(_ => "line")
{
    public override ReadOnlyMemory<byte> Query(ReadOnlyMemory<byte> query)
    {
        Lines = [.. Lines, "asked"];
        return default;
    }
}
