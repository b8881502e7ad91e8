using System.Text;

namespace LifeRaft.Simulation;

/// <summary>A change of a register, with a number by which it is recognised wherever it appears.</summary>
internal sealed record RegisterCommand(long Id, OperationKind Kind, string Key, string? Value, string? Expected)
{
    public byte[] Encode()
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes, Encoding.UTF8);
        writer.Write(Id);
        writer.Write((byte)Kind);
        writer.Write(Key);
        writer.Write(Value ?? "");
        writer.Write(Expected ?? "");
        return bytes.ToArray();
    }

    public static RegisterCommand Decode(ReadOnlyMemory<byte> payload)
    {
        using var reader = new BinaryReader(new MemoryStream(payload.ToArray()), Encoding.UTF8);
        return new RegisterCommand(reader.ReadInt64(), (OperationKind)reader.ReadByte(), reader.ReadString(), Text(reader), Text(reader));
    }

    private static string? Text(BinaryReader reader) => reader.ReadString() is { Length: > 0 } text ? text : null;
}
