namespace LifeRaft.Cli;

/// <summary>What a saved snapshot is of.</summary>
/// <param name="Group">The name of the group.</param>
/// <param name="Machine">The machine that the group replicates: only a group of the same one can take the state over.</param>
/// <param name="GroupId">The id of the founding.</param>
/// <param name="Node">The node that it was saved from.</param>
/// <param name="Index">The last entry that it covers.</param>
/// <param name="Term">The term of that entry.</param>
/// <param name="Members">The addresses of the members there.</param>
/// <param name="SavedAt">When it was saved, by the clock of the machine that did.</param>
/// <param name="Bytes">The length of the content.</param>
internal sealed record SnapshotFileHeader(
    string Group, string Machine, string GroupId, string Node, long Index, long Term, IReadOnlyList<string> Members, DateTimeOffset SavedAt, long Bytes);
