namespace LifeRaft.Dashboard;

/// <summary>The first message of <c>GET api/stream</c>, of the type <c>hello</c>.</summary>
/// <param name="ServedBy">The name of the silo, or of the machine where the host is no silo.</param>
/// <param name="IntervalMs">How often messages of the type <c>state</c> follow.</param>
/// <param name="AllowsActions">Whether the endpoints exist that change things.</param>
/// <param name="AsksForToken">Whether they take the operators' token and nothing else; <c>GET api/operator</c> tells whether it is right.</param>
internal sealed record HelloMessage(string ServedBy, string Version, double IntervalMs, bool AllowsActions, bool AsksForToken);

/// <summary>How things are now; the type <c>state</c>. Whoever reads slowly gets the newest one next, and what changed since his last.</summary>
/// <param name="IsWhole">Whether <paramref name="Groups"/> are all groups; otherwise those that changed.</param>
/// <param name="ReceivedAt">When this host had the answers of the silos, by its clock.</param>
/// <param name="Group">The group that is looked at; absent when there is none.</param>
/// <param name="GroupFailure">Why that group cannot be shown.</param>
/// <param name="Failure">Why the silos could not be asked; everything else is as it was then.</param>
internal sealed record StateMessage(
    bool IsWhole,
    DateTimeOffset At,
    DateTimeOffset ReceivedAt,
    IReadOnlyList<SiloView> Silos,
    IReadOnlyList<SilentSilo> Silent,
    IReadOnlyList<GroupSummary> Groups,
    GroupView? Group,
    string? GroupFailure,
    string? Failure);

/// <summary>What happened since the last message of the type <c>events</c>, at first what is remembered; ordered by number.</summary>
internal sealed record EventsMessage(IReadOnlyList<EventView> Events);
