using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using LifeRaft.Protocol;
using Orleans.Serialization.Buffers;
using Orleans.Serialization.Codecs;
using Orleans.Serialization.WireProtocol;

namespace LifeRaft.Hosting;

/// <summary>
/// A message of the protocol on its way between nodes. Within a silo it is handed over as it is; between silos it is written from the
/// entries' own bytes, which all followers share, straight into what Orleans sends.
/// </summary>
[Immutable]
internal sealed class PeerFrame
{
    private readonly RaftMessage? _message;
    private readonly byte[] _received;

    /// <summary>A message that leaves.</summary>
    public PeerFrame(string from, RaftMessage message) => (From, _message, _received) = (from, message, []);

    /// <summary>What has arrived, not looked into: what is wrong with it is for its receiver to say.</summary>
    public PeerFrame(string from, byte[] received) => (From, _received) = (from, received);

    /// <summary>The endpoint of the sender.</summary>
    public string From { get; }

    /// <summary>The message.</summary>
    /// <exception cref="FormatException">What has arrived is no message; the text says what is wrong with it.</exception>
    public RaftMessage Open() => _message ?? MessageCodec.Decode(_received);

    /// <summary>The message as it travels.</summary>
    public MessageParts Parts() => _message is null ? MessageParts.OfOnePiece(_received) : MessageCodec.Parts(_message);
}

/// <summary>How a frame travels: the sender's endpoint, then the message as <see cref="MessageCodec"/> writes it, as a field of bytes.</summary>
[RegisterSerializer]
internal sealed class PeerFrameCodec : IFieldCodec<PeerFrame>
{
    private const uint FromField = 0;
    private const uint MessageField = 1;

    public void WriteField<TBufferWriter>(ref Writer<TBufferWriter> writer, uint fieldIdDelta, Type? expectedType, PeerFrame? value)
        where TBufferWriter : IBufferWriter<byte>
    {
        if (ReferenceCodec.TryWriteReferenceField(ref writer, fieldIdDelta, expectedType, value))
        {
            return;
        }

        writer.WriteFieldHeader(fieldIdDelta, expectedType, typeof(PeerFrame), WireType.TagDelimited);
        StringCodec.WriteField(ref writer, FromField, value.From);

        ReferenceCodec.MarkValueField(writer.Session);
        writer.WriteFieldHeaderExpected(MessageField - FromField, WireType.LengthPrefixed);
        var parts = value.Parts();
        writer.WriteVarUInt32((uint)parts.Length);
        writer.Write(parts.Head);
        for (var i = 0; i < parts.Entries.Count; i++)
        {
            var entry = parts.Entries[i].Encoded.Span;
            writer.WriteInt32(BinaryPrimitives.ReverseEndianness(entry.Length)); // The writer is little-endian.
            writer.Write(entry);
        }

        writer.WriteEndObject();
    }

    [return: MaybeNull]
    public PeerFrame ReadValue<TInput>(ref Reader<TInput> reader, Field field)
    {
        if (field.WireType == WireType.Reference)
        {
            return ReferenceCodec.ReadReference<PeerFrame, TInput>(ref reader, field);
        }

        field.EnsureWireTypeTagDelimited();
        var placeholder = ReferenceCodec.CreateRecordPlaceholder(reader.Session);
        var from = "";
        byte[] message = [];
        var id = 0u;
        for (var header = reader.ReadFieldHeader(); !header.IsEndBaseOrEndObject; header = reader.ReadFieldHeader())
        {
            id += header.FieldIdDelta;
            switch (id)
            {
                case FromField:
                    from = StringCodec.ReadValue(ref reader, header) ?? "";
                    break;
                case MessageField:
                    header.EnsureWireType(WireType.LengthPrefixed);
                    ReferenceCodec.MarkValueField(reader.Session);
                    message = reader.ReadBytes(reader.ReadVarUInt32());
                    break;
                default:
                    reader.ConsumeUnknownField(header);
                    break;
            }
        }

        var frame = new PeerFrame(from, message);
        ReferenceCodec.RecordObject(reader.Session, frame, placeholder);
        return frame;
    }
}
