using LifeRaft.Protocol;

namespace LifeRaft.Hosting;

/// <summary>What a voter knows of itself and of the group, between two turns of its node.</summary>
/// <param name="Identity">Who it is.</param>
/// <param name="Last">Its last entry. A node without entries has promised nothing that could be lost: it counts as blank.</param>
/// <param name="IsVoter">Whether it votes, by its own configuration.</param>
/// <param name="Leader">The silo that leads, as far as it knows; or empty.</param>
/// <param name="Members">The silos that belong to the group, as far as it knows.</param>
/// <param name="Configured">The voters that its silo is configured with.</param>
internal sealed record VoterLook(
    NodeIdentity Identity, LogIndex Last, bool IsVoter, string Leader, IReadOnlyList<string> Members, IReadOnlyList<string> Configured)
{
    /// <summary>Whether it holds nothing of a group.</summary>
    public bool IsBlank => Last == LogIndex.Zero;

    public byte[] Encode() => new FieldWriter()
        .Id(Identity.Group.Value).Id(Identity.Member.Value).Int64(Last.Value).Truth(IsVoter).Text(Leader).Texts(Members).Texts(Configured).ToArray();

    /// <exception cref="FormatException">The bytes are no look.</exception>
    public static VoterLook Decode(ReadOnlyMemory<byte> bytes)
    {
        var reader = new FieldReader(bytes);
        return new VoterLook(
            new NodeIdentity(new GroupId(reader.Id()), new MemberId(reader.Id())),
            new LogIndex(reader.Int64()),
            reader.Truth(),
            reader.Text(),
            reader.Texts(),
            reader.Texts());
    }
}
