namespace LifeRaft.Dashboard;

/// <summary>Something that happened on a silo; one of what <c>GET api/events</c> answers.</summary>
/// <param name="Number">Counts up on this host, in the order in which it learnt of events.</param>
/// <param name="At">When, by the clock of the silo.</param>
/// <param name="Group">Absent for what concerns the silo.</param>
/// <param name="Node">Absent for what concerns the silo.</param>
/// <param name="Term">0 for what concerns the silo.</param>
/// <param name="Text">What happened and why, as a sentence.</param>
internal sealed record EventView(
    long Number, DateTimeOffset At, string Silo, JournalKind Kind, string? Group, string? Node, long Term, string Text);

/// <summary>What <c>GET api/events</c> answers.</summary>
/// <param name="Events">Ordered by number.</param>
internal sealed record EventsView(IReadOnlyList<EventView> Events);
