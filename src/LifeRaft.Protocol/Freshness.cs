namespace LifeRaft.Protocol;

/// <summary>How old the state is: when a leader last said what was committed, of all that is applied by now.</summary>
internal sealed class Freshness
{
    private const int Enough = 64;
    private readonly Queue<(LogIndex Commit, TimeSpan At)> _said = new();
    private (LogIndex Commit, TimeSpan At)? _newest;
    private TimeSpan? _fresh;

    /// <summary>A leader had committed so much at that time, or later.</summary>
    public void Said(LogIndex commit, TimeSpan at, LogIndex applied)
    {
        At(applied); // Who has applied everything remembers nothing.
        if (_said.Count < Enough)
        {
            _said.Enqueue((commit, at));
        }
        else
        {
            // Applying is far behind, and what it reaches next is enough to know; or nobody has looked for long, and the newest is what counts.
            _newest = (commit, at);
        }
    }

    /// <summary>The time at which everything that was committed is in the state; null when no leader was heard.</summary>
    public TimeSpan? At(LogIndex applied)
    {
        while (_said.TryPeek(out var next) && next.Commit <= applied)
        {
            _fresh = next.At;
            _said.Dequeue();
        }

        if (_newest is { } newest && newest.Commit <= applied)
        {
            _fresh = _fresh > newest.At ? _fresh : newest.At;
            _newest = null;
        }

        return _fresh;
    }
}
