using LifeRaft.Protocol;

namespace LifeRaft.Hosting;

/// <summary>
/// How long a leader's followers take to answer, from what leaves and what arrives: a heartbeat to its answer, which is the way there
/// and back, and entries to their acknowledgement, which is the follower's disk as well. One question of each kind is timed at a time.
/// All members are used within turns, except where they say so.
/// </summary>
internal sealed class RoundTrips(TimeProvider time)
{
    // Replaced whole when the term changes, so that who looks from outside of a turn never meets a change.
    private Dictionary<MemberId, Follower> _followers = [];
    private Term _term;

    /// <summary>The recent heartbeats of a follower; null when this node has sent it none in its term.</summary>
    public RecentDurations? Of(MemberId follower) => _followers.GetValueOrDefault(follower)?.Heartbeats;

    /// <summary>A message leaves.</summary>
    public void Leaves(RaftMessage message, string endpoint)
    {
        switch (message)
        {
            case HeartbeatRequest heartbeat:
                TimedFrom(heartbeat, endpoint).HeartbeatLeaves(heartbeat.Round, time.GetTimestamp());
                break;
            case AppendRequest { Entries.Count: > 0 } append:
                TimedFrom(append, endpoint).EntriesLeave(append.LastIndex, time.GetTimestamp());
                break;
            default:
                break; // Votes, answers, and snapshots, whose parts are limited by the disk.
        }
    }

    /// <summary>A message has arrived. Returns how long its question took to be answered, if that was timed.</summary>
    public RoundTrip? Arrived(RaftMessage message)
    {
        if (message is not (HeartbeatResponse or AppendResponse) || message.Term != _term || !_followers.TryGetValue(message.From, out var follower))
        {
            return null;
        }

        if (message is AppendResponse append)
        {
            return follower.EntriesAnswered(append) is { } left
                ? new RoundTrip(follower.Silo, IsHeartbeat: false, time.GetElapsedTime(left))
                : null;
        }

        if (follower.HeartbeatAnswered(((HeartbeatResponse)message).Round) is not { } sent)
        {
            return null;
        }

        var duration = time.GetElapsedTime(sent);
        follower.Heartbeats.Record(duration);
        return new RoundTrip(follower.Silo, IsHeartbeat: true, duration);
    }

    private Follower TimedFrom(RaftMessage message, string endpoint)
    {
        if (message.Term != _term)
        {
            (_term, _followers) = (message.Term, []);
        }

        if (!_followers.TryGetValue(message.To, out var follower))
        {
            _followers = new(_followers) { [message.To] = follower = new Follower(endpoint[(endpoint.LastIndexOf('@') + 1)..]) };
        }

        return follower;
    }

    private sealed class Follower(string silo)
    {
        // The question that is timed, and when it left; null while there is none.
        private (long Round, long Left)? _heartbeat;
        private (LogIndex Last, long Left)? _entries;

        public string Silo => silo;

        public RecentDurations Heartbeats { get; } = new();

        public void HeartbeatLeaves(long round, long now) => _heartbeat ??= (round, now);

        public long? HeartbeatAnswered(long round)
        {
            if (_heartbeat is not { } timed || round < timed.Round)
            {
                return null;
            }

            // One that answers a later round says that this question or its answer was lost.
            _heartbeat = null;
            return round == timed.Round ? timed.Left : null;
        }

        public void EntriesLeave(LogIndex last, long now)
        {
            // Entries that are sent again are timed from then: the loss is not the way.
            if (_entries is not { } timed || last <= timed.Last)
            {
                _entries = (last, now);
            }
        }

        public long? EntriesAnswered(AppendResponse answer)
        {
            if (_entries is not { } timed || (!answer.IsConflict && answer.Match < timed.Last))
            {
                return null;
            }

            _entries = null;
            return answer.IsConflict ? null : timed.Left;
        }
    }
}

/// <summary>A question of a leader that was answered.</summary>
/// <param name="Silo">The follower's silo.</param>
/// <param name="IsHeartbeat">Whether it was a heartbeat; otherwise entries, which the follower has written.</param>
/// <param name="Duration">From the question to the answer.</param>
internal readonly record struct RoundTrip(string Silo, bool IsHeartbeat, TimeSpan Duration);
