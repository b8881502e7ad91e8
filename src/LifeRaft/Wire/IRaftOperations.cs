namespace LifeRaft;

/// <summary>
/// Asks the silos for <see cref="RaftCluster"/>, from whichever silo the caller is at: it lives there and in no directory, so that it
/// answers while a silo that has vanished still counts as running.
/// </summary>
[Alias("liferaft.operations")]
internal interface IRaftOperations : IGrainWithIntegerKey
{
    /// <summary>What the silos say of all groups, or of that one.</summary>
    Task<ClusterAnswer> Report(string? group, TimeSpan patience);

    Task<JournalPage> Journal(JournalPosition after, TimeSpan patience);

    /// <summary>The groups that the silo still leads.</summary>
    Task<IReadOnlyList<string>> Drain(string silo, bool isDrained);
}

/// <summary>What the silos said.</summary>
[GenerateSerializer]
[Immutable]
[Alias("liferaft.operations.answer")]
internal sealed record ClusterAnswer([property: Id(0)] DateTimeOffset At, [property: Id(1)] IReadOnlyList<SiloReport> Silos, [property: Id(2)] IReadOnlyList<SilentSilo> Silent);
