namespace LifeRaft;

/// <summary>
/// A <see cref="LockTable"/> as bytes: the version of this form; the locks by name, each with its requests by arrival and how long those
/// live; and the requests that were withdrawn and are remembered, by their ends. Equal tables have equal bytes.
/// </summary>
internal static class LockSnapshot
{
    private const byte Form = 1;

    public static void Write(Stream destination, LockTable table)
    {
        using var writer = new BinaryWriter(destination, LockCodec.Text, leaveOpen: true);
        writer.Write(Form);
        writer.Write(table.Locks.Count);
        foreach (var queue in table.Locks)
        {
            writer.Write(queue.Name);
            writer.Write(queue.Limit);
            writer.Write(queue.Count);
            foreach (var (arrival, request) in queue.Holders.Concat(queue.Waiters))
            {
                Write(writer, arrival, request, table.Leases[request.Id]);
            }
        }

        var withdrawn = table.Ends.Where(end => table.Leases[end.Id].Lock is null).ToList();
        writer.Write(withdrawn.Count);
        foreach (var (end, id) in withdrawn)
        {
            writer.Write(end.Ticks);
            writer.Write(id.ToByteArray());
        }
    }

    /// <exception cref="FormatException">The bytes are no snapshot.</exception>
    public static LockTable Read(Stream source)
    {
        using var reader = new BinaryReader(source, LockCodec.Text, leaveOpen: true);
        try
        {
            var form = reader.ReadByte();
            return form == Form ? ReadTable(reader) : throw new FormatException($"The snapshot of locks is of form {form}; this node reads form {Form}. Update the silo.");
        }
        catch (EndOfStreamException failure)
        {
            throw new FormatException("The snapshot of locks is cut short.", failure);
        }
        catch (Exception failure) when (failure is RaftException or ArgumentException or OverflowException)
        {
            throw new FormatException($"The snapshot of locks is damaged: {failure.Message} Take it from another member.", failure);
        }
    }

    private static void Write(BinaryWriter writer, long arrival, LockRequest request, LockLease lease)
    {
        writer.Write(arrival);
        writer.Write(request.Id.ToByteArray());
        writer.Write((byte)request.Mode);
        writer.Write(request.Token.Value);
        writer.Write(request.IsUpgrading);
        LockCodec.WriteValue(writer, request.Value);
        writer.Write(lease.TimeToLive.Ticks);
        writer.Write(lease.End.Ticks);
    }

    private static LockTable ReadTable(BinaryReader reader)
    {
        var table = LockTable.Empty;
        for (var locks = reader.ReadInt32(); locks > 0; locks--)
        {
            var queue = new NamedLock(reader.ReadString(), reader.ReadInt32());
            for (var requests = reader.ReadInt32(); requests > 0; requests--)
            {
                var arrival = reader.ReadInt64();
                var request = new LockRequest(LockCodec.ReadId(reader), (LockMode)reader.ReadByte(), default)
                {
                    Token = new FencingToken(reader.ReadInt64()),
                    IsUpgrading = reader.ReadBoolean(),
                    Value = LockCodec.ReadValue(reader),
                };
                queue = queue.Restore(arrival, request);
                table = table.With(request.Id, new LockLease(queue.Name, arrival, new TimeSpan(reader.ReadInt64()), new TimeSpan(reader.ReadInt64())));
            }

            table = table.With(queue);
        }

        for (var withdrawn = reader.ReadInt32(); withdrawn > 0; withdrawn--)
        {
            var end = new TimeSpan(reader.ReadInt64());
            table = table.With(LockCodec.ReadId(reader), new LockLease(null, 0, LockRules.Remembrance, end));
        }

        return table;
    }
}
