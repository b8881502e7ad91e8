namespace LifeRaft.Chaos;

/// <summary>What clients of locks wrote down in a run, and what befell the group meanwhile.</summary>
internal sealed record LockHistory
{
    public IReadOnlyList<LockGrant> Grants { get; init; } = [];

    /// <summary>In the order in which they arrived.</summary>
    public IReadOnlyList<FencedWrite> Writes { get; init; } = [];

    public IReadOnlyList<HolderDeath> Deaths { get; init; } = [];

    /// <summary>What one observer was told, in that order.</summary>
    public IReadOnlyList<SeenLeader> Leaders { get; init; } = [];

    public IReadOnlyList<FaultSpan> Faults { get; init; } = [];

    /// <summary>What clients saw that they must not see.</summary>
    public IReadOnlyList<string> Surprises { get; init; } = [];

    /// <summary>When clients were told to stop.</summary>
    public TimeSpan End { get; init; }
}

/// <summary>A lock, or the leadership of an election, that a client acquired.</summary>
/// <param name="Lock">Which.</param>
/// <param name="Token">The fencing token.</param>
/// <param name="Client">Who acquired it.</param>
/// <param name="Asked">When it asked for it.</param>
/// <param name="At">When it had it.</param>
internal sealed record LockGrant(string Lock, long Token, string Client, TimeSpan Asked, TimeSpan At)
{
    /// <summary>The first moment at which the client certainly relied on it; null if it never did.</summary>
    public TimeSpan? From { get; init; }

    /// <summary>The last such moment.</summary>
    public TimeSpan? Until { get; init; }

    /// <summary>How it ended, as far as the client could say.</summary>
    public GrantEnd End { get; init; }

    public override string ToString() => $"{Client} with token {Token}";
}

internal enum GrantEnd
{
    /// <summary>Its process was killed, or the run ended.</summary>
    Open,

    Released,
    Lost,
    Died,
}

/// <summary>A write to what a lock protects. It keeps the largest token that it has seen, and refuses smaller ones.</summary>
internal sealed record FencedWrite(string Lock, long Token, string Client, TimeSpan SentAt, TimeSpan ArrivedAt, bool IsAccepted);

/// <summary>A client, or a process with all its clients, that sends nothing more.</summary>
internal sealed record HolderDeath(string Who, TimeSpan At)
{
    public bool IsOf(string client) => client == Who || client.StartsWith($"{Who}/", StringComparison.Ordinal);
}

/// <summary>What an observer of an election was told.</summary>
internal sealed record SeenLeader(string Election, long Token, string Candidate);

/// <summary>A fault, from when it struck to when nothing of it was left.</summary>
internal sealed record FaultSpan(TimeSpan From, TimeSpan Until, bool LeavesNoMajority)
{
    public TimeSpan Within(TimeSpan from, TimeSpan until)
    {
        var (later, earlier) = (From > from ? From : from, Until < until ? Until : until);
        return earlier > later ? earlier - later : TimeSpan.Zero;
    }
}
