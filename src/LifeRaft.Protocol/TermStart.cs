namespace LifeRaft.Protocol;

/// <summary>Where a run of entries of one term begins in the log. Terms never decrease along a log, so one run per term is enough.</summary>
public readonly record struct TermStart(LogIndex First, Term Term);
