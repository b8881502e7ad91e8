using LifeRaft.Protocol;
using Xunit;

namespace LifeRaft.Hosting.Tests.Storage;

/// <summary>Snapshots whose content follows from their length.</summary>
internal static class SnapshotTesting
{
    internal static byte[] Content(int bytes)
    {
        var content = new byte[bytes];
        new Random(bytes).NextBytes(content);
        return content;
    }

    internal static LogPosition Position(long index, long term = 1) => new(new LogIndex(index), new Term(term));

    internal static SnapshotHeader Header(long index, int bytes, long term = 1)
    {
        using var hash = new ChecksumStream(Stream.Null);
        hash.Write(Content(bytes));
        return new SnapshotHeader(Position(index, term), LogIndex.First, GroupConfiguration.None, bytes, hash.Content.Checksum);
    }

    internal static LogWrite InForce(SnapshotHeader header, long start, long startTerm = 1, bool replaces = false) =>
        new(null, null, []) { Snapshot = new SnapshotWrite(header, Position(start, startTerm), replaces) };

    /// <summary>Writes the content of a snapshot up to that entry.</summary>
    internal static async Task<SnapshotHeader> Taken(this INodeLog log, long index, int bytes = 10, long term = 1)
    {
        var content = await log.WriteSnapshot(Position(index, term), stream => stream.Write(Content(bytes)), CancellationToken.None).Within();
        var header = Header(index, bytes, term);
        Assert.Equal(new SnapshotContent(header.Bytes, header.Checksum), content);
        return header;
    }

    internal static Task Part(this INodeLog log, SnapshotHeader header, long offset, byte[] part) =>
        log.WriteSnapshotPart(header, offset, part, CancellationToken.None).Within();

    internal static async Task Receive(this INodeLog log, SnapshotHeader header, byte[] content, int partBytes = 1000)
    {
        for (var offset = 0; offset == 0 || offset < content.Length; offset += partBytes)
        {
            await log.Part(header, offset, content[offset..Math.Min(offset + partBytes, content.Length)]);
        }
    }

    internal static async Task<byte[]> Read(this INodeLog log, SnapshotHeader header)
    {
        using var content = new MemoryStream();
        await log.ReadSnapshot(header, source => source.CopyTo(content), CancellationToken.None).Within();
        return content.ToArray();
    }

    internal static void AssertSame(SnapshotHeader expected, SnapshotHeader? actual) =>
        Assert.Equal(SnapshotHeaderCodec.Encode(expected), SnapshotHeaderCodec.Encode(Assert.IsType<SnapshotHeader>(actual)));

    /// <summary>Repeats an attempt until it fails so: for what a store does when it finds the time.</summary>
    internal static async Task Eventually<TException>(Func<Task> attempt)
        where TException : Exception
    {
        using var limit = new CancellationTokenSource(StoreTesting.Deadline);
        while (true)
        {
            try
            {
                await attempt();
            }
            catch (TException)
            {
                return;
            }

            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
