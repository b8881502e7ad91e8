using System.Buffers.Binary;

namespace LifeRaft;

/// <summary>
/// The first words on a connection to a voter: the dialler says what it speaks, which cluster it belongs to, who it is and whom it
/// expects; the voter welcomes it, or says why not and hangs up. So neither a stranger nor another cluster gets further.
/// </summary>
/// <param name="Cluster">The cluster's id.</param>
/// <param name="From">The silo, or what the client calls itself.</param>
/// <param name="To">The silo that is expected to answer.</param>
internal sealed record VoterHello(string Cluster, string From, string To)
{
    /// <summary>What this build speaks.</summary>
    public const byte Version = 1;

    private const int MaximumBytes = 2048;
    private const int HeadBytes = 8 + 1 + sizeof(int);

    private static ReadOnlySpan<byte> Magic => "LIFERAFT"u8;

    public async Task Send(Stream stream, CancellationToken cancellationToken)
    {
        var body = new FieldWriter().Text(Cluster).Text(From).Text(To).ToArray();
        await stream.WriteAsync(new FieldWriter().Rest(Magic).Byte(Version).Int32(body.Length).Rest(body).ToArray(), cancellationToken);
        await stream.FlushAsync(cancellationToken);
    }

    /// <exception cref="FormatException">It is none, or of another version; the message says what it is.</exception>
    public static async Task<VoterHello> Receive(Stream stream, CancellationToken cancellationToken)
    {
        var head = new byte[HeadBytes];
        await stream.ReadExactlyAsync(head, cancellationToken);
        if (!head.AsSpan(0, Magic.Length).SequenceEqual(Magic))
        {
            throw new FormatException("What connected does not speak LifeRaft's clustering protocol. Is the port another one's, or TLS set up on one side only?");
        }

        if (head[Magic.Length] != Version)
        {
            throw new FormatException($"It speaks version {head[Magic.Length]} of LifeRaft's clustering protocol; here is version {Version}. Update the older one.");
        }

        var reader = new FieldReader(await Body(stream, head.AsMemory(Magic.Length + 1), cancellationToken));
        var hello = new VoterHello(reader.Text(), reader.Text(), reader.Text());
        reader.End();
        return hello;
    }

    /// <summary>The answer: null for a welcome, or why not.</summary>
    public static async Task Answer(Stream stream, string? refusal, CancellationToken cancellationToken)
    {
        var body = new FieldWriter().Text(refusal).ToArray();
        await stream.WriteAsync(new FieldWriter().Int32(body.Length).Rest(body).ToArray(), cancellationToken);
        await stream.FlushAsync(cancellationToken);
    }

    /// <summary>Null for a welcome, or why not.</summary>
    public static async Task<string?> ReceiveAnswer(Stream stream, CancellationToken cancellationToken)
    {
        var length = new byte[sizeof(int)];
        await stream.ReadExactlyAsync(length, cancellationToken);
        return new FieldReader(await Body(stream, length, cancellationToken)).TextOrNull();
    }

    private static async Task<byte[]> Body(Stream stream, ReadOnlyMemory<byte> length, CancellationToken cancellationToken)
    {
        var count = BinaryPrimitives.ReadInt32BigEndian(length.Span);
        if (count is < 0 or > MaximumBytes)
        {
            throw new FormatException($"The first words of a connection have at most {MaximumBytes} bytes; these would have {count}.");
        }

        var body = new byte[count];
        await stream.ReadExactlyAsync(body, cancellationToken);
        return body;
    }
}
