namespace LifeRaft;

/// <summary>A command about a lease: kind (1 byte), the lease's id (8 bytes), and for a grant its time to live in milliseconds (8 bytes).</summary>
/// <param name="Kind">What to do.</param>
/// <param name="Lease">With which lease: a number above zero that its client has drawn, so that a grant may be repeated.</param>
/// <param name="TimeToLive">For a grant: after so long without another word it ends.</param>
internal readonly record struct KeyValueLeaseCommand(KeyValueCommandKind Kind, long Lease, TimeSpan TimeToLive = default)
{
    public static readonly TimeSpan ShortestTimeToLive = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan LongestTimeToLive = TimeSpan.FromDays(1);

    public static bool IsPossible(TimeSpan timeToLive) => timeToLive >= ShortestTimeToLive && timeToLive <= LongestTimeToLive;

    public byte[] Encode()
    {
        var writer = new KeyValueWriter(32).Byte((byte)Kind).Int64(Lease);
        return Kind == KeyValueCommandKind.GrantLease ? writer.Int64((long)TimeToLive.TotalMilliseconds).ToArray() : writer.ToArray();
    }

    /// <param name="kind">The command's kind.</param>
    /// <param name="bytes">The command behind its kind.</param>
    /// <exception cref="FormatException">The bytes are no such command.</exception>
    public static KeyValueLeaseCommand Decode(KeyValueCommandKind kind, ReadOnlyMemory<byte> bytes)
    {
        var reader = new KeyValueReader(bytes);
        var lease = reader.Int64();
        var milliseconds = kind == KeyValueCommandKind.GrantLease ? reader.Int64() : 0;
        reader.End();
        if (lease < 1)
        {
            throw new FormatException($"The id of a lease is above zero, but is {lease}.");
        }

        if (kind != KeyValueCommandKind.GrantLease)
        {
            return new(kind, lease);
        }

        return milliseconds >= ShortestTimeToLive.TotalMilliseconds && milliseconds <= LongestTimeToLive.TotalMilliseconds
            ? new(kind, lease, TimeSpan.FromMilliseconds(milliseconds))
            : throw new FormatException($"A lease lives {ShortestTimeToLive} to {LongestTimeToLive}, but {milliseconds} ms were asked for.");
    }
}
