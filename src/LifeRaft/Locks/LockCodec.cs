using System.Text;

namespace LifeRaft;

/// <summary>
/// Commands, queries and answers of locks as bytes: one for the kind, then the parts in their order; numbers little-endian, texts and
/// values with their length before them, times in ticks of 100 ns. What a command means never changes: a new meaning is a new kind.
/// </summary>
internal static class LockCodec
{
    private const byte LastKind = 5;

    // Strict: what is no Unicode text would otherwise be replaced silently, and two names become one.
    public static readonly UTF8Encoding Text = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static byte[] Encode(LockCommand command) => Bytes(writer =>
    {
        switch (command)
        {
            case AcquireLock acquire:
                Write(writer, 1, acquire.Id);
                writer.Write(acquire.Name);
                writer.Write((byte)acquire.Mode);
                writer.Write(acquire.Limit);
                writer.Write(acquire.TimeToLive.Ticks);
                WriteValue(writer, acquire.Value);
                writer.Write(acquire.MayWait);
                break;
            case UpgradeLock upgrade:
                Write(writer, 2, upgrade.Id);
                writer.Write(upgrade.MayWait);
                break;
            case AbandonUpgrade abandon:
                Write(writer, 3, abandon.Id);
                break;
            case ReleaseLock release:
                Write(writer, 4, release.Id);
                writer.Write(release.IsRemembered);
                break;
            case KeepLocks keep:
                writer.Write((byte)5);
                writer.Write(keep.Ids.Count);
                foreach (var id in keep.Ids)
                {
                    writer.Write(id.ToByteArray());
                }

                break;
        }
    });

    /// <exception cref="FormatException">The bytes are no command.</exception>
    public static LockCommand DecodeCommand(ReadOnlyMemory<byte> bytes) => Read<LockCommand>(bytes, "command", reader => reader.ReadByte() switch
    {
        1 => new AcquireLock(ReadId(reader), reader.ReadString(), (LockMode)reader.ReadByte(), reader.ReadInt32(), new TimeSpan(reader.ReadInt64()), ReadValue(reader), reader.ReadBoolean()),
        2 => new UpgradeLock(ReadId(reader), reader.ReadBoolean()),
        3 => new AbandonUpgrade(ReadId(reader)),
        4 => new ReleaseLock(ReadId(reader), reader.ReadBoolean()),
        5 => new KeepLocks(ReadMany(reader, LockRules.MaximumBatch, ReadId)),
        var kind => throw new FormatException($"A command of kind {kind} is none to locks; 1 to {LastKind} are. Does the group replicate a {nameof(LockMachine)}?"),
    });

    /// <summary>Why a command cannot be read whatever else it says: it is of a later build. Null if that is not so.</summary>
    public static string? Refusal(ReadOnlyMemory<byte> command) => !command.IsEmpty && command.Span[0] > LastKind
        ? $"A command to locks of kind {command.Span[0]} is not known to this build, which knows 1 to {LastKind}. Upgrade the silo."
        : null;

    public static byte[] Encode(LockQuery query) => Bytes(writer =>
    {
        switch (query)
        {
            case AwaitGrant grant:
                Write(writer, 1, grant.Id);
                break;
            case AwaitHolder holder:
                writer.Write((byte)2);
                writer.Write(holder.Name);
                writer.Write(holder.Known.Value);
                break;
            case LookAtLock look:
                writer.Write((byte)3);
                writer.Write(look.Name);
                break;
            case ListLocks list:
                writer.Write((byte)4);
                writer.Write(list.Prefix);
                writer.Write(list.After);
                break;
        }
    });

    /// <exception cref="FormatException">The bytes are no query.</exception>
    public static LockQuery DecodeQuery(ReadOnlyMemory<byte> bytes) => Read<LockQuery>(bytes, "query", reader => reader.ReadByte() switch
    {
        1 => new AwaitGrant(ReadId(reader)),
        2 => new AwaitHolder(reader.ReadString(), new FencingToken(reader.ReadInt64())),
        3 => new LookAtLock(reader.ReadString()),
        4 => new ListLocks(reader.ReadString(), reader.ReadString()),
        var kind => throw new FormatException($"A query of kind {kind} is none to locks; 1 to 4 are. Does the client match the silos?"),
    });

    public static byte[] Encode(IReadOnlyList<LockAnswer> answers) => Bytes(writer =>
    {
        writer.Write(answers.Count);
        foreach (var answer in answers)
        {
            writer.Write((byte)answer.Outcome);
            writer.Write(answer.Token.Value);
            writer.Write((byte)answer.Mode);
            writer.Write(answer.Limit);
        }
    });

    /// <exception cref="FormatException">The bytes are no answers.</exception>
    public static IReadOnlyList<LockAnswer> DecodeAnswers(ReadOnlyMemory<byte> bytes) => Read(bytes, "answer", reader => ReadMany(
        reader,
        LockRules.MaximumBatch,
        each => new LockAnswer((LockOutcome)each.ReadByte(), new FencingToken(each.ReadInt64()), (LockMode)each.ReadByte(), each.ReadInt32())));

    public static byte[] Encode(LockPage page) => Bytes(writer =>
    {
        writer.Write(page.HasMore);
        writer.Write(page.Locks.Count);
        foreach (var state in page.Locks)
        {
            writer.Write(state.Name);
            writer.Write(state.Limit);
            writer.Write(state.HolderCount);
            writer.Write(state.WaiterCount);
            writer.Write(state.Holders.Count);
            foreach (var holder in state.Holders)
            {
                writer.Write(holder.Token.Value);
                writer.Write((byte)holder.Mode);
                WriteValue(writer, holder.Value);
            }
        }
    });

    /// <exception cref="FormatException">The bytes are no page.</exception>
    public static LockPage DecodePage(ReadOnlyMemory<byte> bytes) => Read(bytes, "list", reader =>
    {
        var hasMore = reader.ReadBoolean();
        return new LockPage(ReadMany(reader, LockPage.MaximumLocks, ReadState), hasMore);
    });

    public static Guid ReadId(BinaryReader reader) => new(reader.ReadBytes(16) is { Length: 16 } bytes ? bytes : throw new EndOfStreamException());

    public static void WriteValue(BinaryWriter writer, ReadOnlyMemory<byte> value)
    {
        writer.Write(value.Length);
        writer.Write(value.Span);
    }

    public static byte[] ReadValue(BinaryReader reader)
    {
        var length = reader.ReadInt32();
        LockRules.RequireValue(length);
        var bytes = reader.ReadBytes(length);
        return bytes.Length == length ? bytes : throw new EndOfStreamException();
    }

    private static LockState ReadState(BinaryReader reader) => new(
        reader.ReadString(),
        reader.ReadInt32(),
        reader.ReadInt32(),
        reader.ReadInt32(),
        ReadMany(reader, LockState.MaximumHolders, each => new LockHolder(new FencingToken(each.ReadInt64()), (LockMode)each.ReadByte(), ReadValue(each))));

    private static List<T> ReadMany<T>(BinaryReader reader, int most, Func<BinaryReader, T> read)
    {
        var count = reader.ReadInt32();
        if (count < 0 || count > most)
        {
            throw new FormatException($"The bytes claim {count} parts, where at most {most} are possible.");
        }

        var parts = new List<T>(count);
        for (var i = 0; i < count; i++)
        {
            parts.Add(read(reader));
        }

        return parts;
    }

    private static void Write(BinaryWriter writer, byte kind, Guid id)
    {
        writer.Write(kind);
        writer.Write(id.ToByteArray());
    }

    private static byte[] Bytes(Action<BinaryWriter> write)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream, Text);
        write(writer);
        writer.Flush();
        return stream.ToArray();
    }

    private static T Read<T>(ReadOnlyMemory<byte> bytes, string what, Func<BinaryReader, T> read)
    {
        using var stream = new MemoryStream(bytes.ToArray());
        using var reader = new BinaryReader(stream, Text);
        try
        {
            var result = read(reader);
            return stream.Position == stream.Length ? result : throw new FormatException($"A {what} goes on for {stream.Length - stream.Position} bytes after its end.");
        }
        catch (Exception failure) when (failure is EndOfStreamException or DecoderFallbackException or ArgumentException)
        {
            throw new FormatException($"The {bytes.Length} bytes are no {what} of locks. Does the group replicate a {nameof(LockMachine)}?", failure);
        }
    }
}
