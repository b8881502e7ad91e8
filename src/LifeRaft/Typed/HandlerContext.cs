using System.Buffers.Binary;
using System.Security.Cryptography;
using LifeRaft.Protocol;

namespace LifeRaft;

/// <summary>
/// All that a handler may know beside the state and the command. It is the same on every member, so what is decided by it is too. It is
/// valid until the handler returns.
/// </summary>
public sealed class HandlerContext
{
    private readonly CommandContext _context;
    private int _ids;

    internal HandlerContext(in CommandContext context, DateTimeOffset time)
    {
        _context = context;
        Time = time;
    }

    /// <summary>The command's position in the log: unique in its group, and rising.</summary>
    public LogIndex Index => _context.Index;

    /// <summary>The term of the leader that appended it.</summary>
    public Term Term => _context.Term;

    /// <summary>
    /// The leader's wall clock when the command was proposed, to the millisecond; never earlier than for the command before, though
    /// leaders' clocks differ. It is for what people read; durations are counted by <see cref="Clock"/>.
    /// </summary>
    public DateTimeOffset Time { get; }

    /// <summary>How much time has passed in the life of the group; see <see cref="CommandContext.Clock"/>.</summary>
    public TimeSpan Clock => _context.Clock;

    /// <summary>The group, whose random id no other group has.</summary>
    public GroupId Group => _context.Group;

    /// <summary>An id that no other call in any group returns, and that is the same on every member.</summary>
    public Guid NewId()
    {
        Span<byte> source = stackalloc byte[16 + sizeof(long) + sizeof(int)];
        Group.Value.TryWriteBytes(source, bigEndian: true, out _);
        BinaryPrimitives.WriteInt64LittleEndian(source[16..], Index.Value);
        BinaryPrimitives.WriteInt32LittleEndian(source[24..], ++_ids);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(source, hash);

        // RFC 9562: version 8, made as its maker likes, and the variant.
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }
}
