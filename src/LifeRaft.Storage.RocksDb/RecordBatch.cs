using System.Buffers.Binary;
using LifeRaft.Protocol;
using RocksDbSharp;

namespace LifeRaft.Storage.RocksDb;

/// <summary>The records of the batch that is being collected. Touched by the store's writer only.</summary>
internal sealed class RecordBatch : IDisposable
{
    private readonly WriteBatch _batch = new();
    private readonly byte[] _key = new byte[RecordKey.NodeBytes];
    private byte[] _sealed = new byte[4096];

    internal WriteBatch Native => _batch;

    public void Dispose() => _batch.Dispose();

    internal void Clear() => _batch.Clear();

    internal void PutEntry(long node, LogEntry entry) => Put(Key(RecordKind.Entry, node, entry.Index.Value), entry.Encoded.Span);

    internal void PutNumber(RecordKind kind, long node, long index, long value) => PutNumber(Key(kind, node, index), value);

    internal void PutNumber(ReadOnlySpan<byte> key, long value)
    {
        Span<byte> content = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(content, value);
        Put(key, content);
    }

    /// <summary>Term 8, vote 16.</summary>
    internal void PutHardState(long node, HardState state)
    {
        Span<byte> content = stackalloc byte[24];
        BinaryPrimitives.WriteInt64BigEndian(content, state.Term.Value);
        state.VotedFor.Value.TryWriteBytes(content[8..]);
        Put(Key(RecordKind.HardState, node), content);
    }

    /// <summary>Group 16, member 16.</summary>
    internal void PutIdentity(long node, NodeIdentity identity)
    {
        Span<byte> content = stackalloc byte[32];
        identity.Group.Value.TryWriteBytes(content);
        identity.Member.Value.TryWriteBytes(content[16..]);
        Put(Key(RecordKind.Identity, node), content);
    }

    /// <summary>Index 8, term 8.</summary>
    internal void PutBase(long node, LogPosition position)
    {
        Span<byte> content = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(content, position.Index.Value);
        BinaryPrimitives.WriteInt64BigEndian(content[8..], position.Term.Value);
        Put(Key(RecordKind.Base, node), content);
    }

    internal void PutSnapshot(long node, SnapshotHeader header) => Put(Key(RecordKind.Snapshot, node), SnapshotHeaderCodec.Encode(header));

    internal void Put(ReadOnlySpan<byte> key, ReadOnlySpan<byte> content)
    {
        var length = content.Length + RecordSeal.Bytes;
        if (_sealed.Length < length)
        {
            _sealed = new byte[Math.Max(length, 2L * _sealed.Length)];
        }

        var value = _sealed.AsSpan(0, length);
        RecordSeal.Close(key, content, value);
        _batch.Put(key, value);
    }

    internal void Delete(RecordKind kind, long node, long index = 0) => _batch.Delete(Key(kind, node, index));

    internal void Delete(ReadOnlySpan<byte> key) => _batch.Delete(key);

    /// <summary>
    /// Deletes the first entries of a node, up to an index, with one range deletion. That slows reads of the range for as long as it is
    /// remembered, so it is only for ranges that nobody reads again: those before the base of a log.
    /// </summary>
    internal void DeleteEntriesUpTo(long node, LogIndex last) =>
        DeleteRange(RecordKey.OfNode(RecordKind.Entry, node), RecordKey.OfNode(RecordKind.Entry, node, last.Value + 1));

    /// <summary>Deletes all entries of a node; see <see cref="DeleteEntriesUpTo"/>.</summary>
    internal void DeleteAllEntries(long node) =>
        DeleteRange(RecordKey.OfNode(RecordKind.Entry, node), RecordKey.OfNode(RecordKind.Entry, node + 1));

    private void DeleteRange(byte[] from, byte[] to) => _batch.DeleteRange(from, (ulong)from.Length, to, (ulong)to.Length);

    private ReadOnlySpan<byte> Key(RecordKind kind, long node, long index = 0)
    {
        RecordKey.Write(_key, kind, node, index);
        return _key;
    }
}
