using System.Collections.Immutable;
using System.Text;

namespace LifeRaft.Protocol;

/// <summary>How a <see cref="GroupConfiguration"/> is written into the payload of its log entry.</summary>
public static class GroupConfigurationCodec
{
    private const byte Version = 2;

    /// <summary>Writes the configuration.</summary>
    public static byte[] Encode(GroupConfiguration configuration)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes, Encoding.UTF8);
        writer.Write(Version);
        WriteMembers(writer, configuration.Voters);
        WriteMembers(writer, configuration.Outgoing);
        WriteMembers(writer, configuration.Learners);
        writer.Write7BitEncodedInt(configuration.Removed.Length);
        foreach (var id in configuration.Removed)
        {
            writer.Write(id.Value.ToByteArray());
        }

        writer.Write(configuration.Timings.Heartbeat.Ticks);
        writer.Write(configuration.Timings.ElectionMin.Ticks);
        writer.Write(configuration.Timings.ElectionMax.Ticks);
        writer.Write(configuration.Timings.Threshold);
        return bytes.ToArray();
    }

    /// <summary>Reads what <see cref="Encode"/> wrote.</summary>
    /// <exception cref="FormatException">The bytes are no configuration.</exception>
    public static GroupConfiguration Decode(ReadOnlyMemory<byte> payload)
    {
        try
        {
            using var reader = new BinaryReader(new MemoryStream(payload.ToArray()), Encoding.UTF8);
            var version = reader.ReadByte();
            if (version != Version)
            {
                throw new FormatException($"The configuration is of version {version}; this node reads version {Version}. Update the silo.");
            }

            var configuration = new GroupConfiguration(ReadMembers(reader), ReadMembers(reader), ReadMembers(reader), ReadIds(reader), ReadTimings(reader));
            return reader.BaseStream.Position == payload.Length
                ? configuration
                : throw new FormatException($"The configuration ends after {reader.BaseStream.Position} of {payload.Length} bytes.");
        }
        catch (Exception failure) when (failure is IOException or ArgumentException or OverflowException)
        {
            throw new FormatException($"The {payload.Length} bytes are no group configuration: {failure.Message}", failure);
        }
    }

    private static void WriteMembers(BinaryWriter writer, ImmutableArray<Member> members)
    {
        writer.Write7BitEncodedInt(members.Length);
        foreach (var member in members)
        {
            writer.Write(member.Id.Value.ToByteArray());
            writer.Write(member.Address);
            writer.Write(member.Endpoint);
            writer.Write(member.BecomesVoter);
            writer.Write(member.Replaces.Value.ToByteArray());
        }
    }

    private static ImmutableArray<Member> ReadMembers(BinaryReader reader)
    {
        var count = ReadCount(reader);
        var members = ImmutableArray.CreateBuilder<Member>();
        for (var i = 0; i < count; i++)
        {
            members.Add(new Member(ReadId(reader), reader.ReadString(), reader.ReadString(), reader.ReadBoolean(), ReadId(reader)));
        }

        return members.ToImmutable();
    }

    private static ImmutableArray<MemberId> ReadIds(BinaryReader reader)
    {
        var count = ReadCount(reader);
        var ids = ImmutableArray.CreateBuilder<MemberId>();
        for (var i = 0; i < count; i++)
        {
            ids.Add(ReadId(reader));
        }

        return ids.ToImmutable();
    }

    private static int ReadCount(BinaryReader reader)
    {
        var count = reader.Read7BitEncodedInt();
        return count >= 0 ? count : throw new FormatException($"A configuration cannot list {count} members.");
    }

    private static MemberId ReadId(BinaryReader reader) => new(new Guid(reader.ReadBytes(16)));

    private static GroupTimings ReadTimings(BinaryReader reader)
    {
        var timings = new GroupTimings(
            new TimeSpan(reader.ReadInt64()), new TimeSpan(reader.ReadInt64()), new TimeSpan(reader.ReadInt64()), reader.ReadDouble());
        return timings.Problems().FirstOrDefault() is { } problem ? throw new FormatException($"The configuration's timings are impossible. {problem}") : timings;
    }
}
