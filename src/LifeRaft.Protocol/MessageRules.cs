namespace LifeRaft.Protocol;

/// <summary>
/// What no node can have said. Messages may come late, twice or never, but a node relies on what is in them: one with an impossible
/// field, from a packet that a user injected or from damaged bytes, must not get so far that it breaks an invariant.
/// </summary>
internal static class MessageRules
{
    /// <summary>Terms and indices count up from zero. The upper half is out of reach, so that adding to one never overflows.</summary>
    private const long Highest = long.MaxValue / 2;

    /// <summary>What is impossible about the message, or null.</summary>
    public static string? ProblemOf(RaftMessage message) =>
        IsOutOfRange(message.Term.Value) ? $"Its term cannot be {message.Term}." : message switch
        {
            VoteRequest vote when IsOutOfRange(vote.LastIndex.Value, vote.LastTerm.Value) => $"A log cannot end with {vote.LastIndex} of term {vote.LastTerm}.",
            VoteResponse vote when IsOutOfRange(vote.RequestTerm.Value) => $"A request cannot be of term {vote.RequestTerm}.",
            AppendRequest append => ProblemOf(append),
            AppendResponse append when IsOutOfRange(append.Match.Value, append.RejectedIndex.Value, append.HintIndex.Value, append.HintTerm.Value) =>
                $"It cannot match up to {append.Match}, nor reject {append.RejectedIndex} and hint at {append.HintIndex} of term {append.HintTerm}.",
            HeartbeatRequest beat when IsOutOfRange(beat.Commit.Value, beat.Round) => $"Its commit index cannot be {beat.Commit}, nor its round {beat.Round}.",
            HeartbeatResponse beat when IsOutOfRange(beat.Verified.Value, beat.Match.Value, beat.Round) =>
                $"It cannot be verified up to {beat.Verified} and match up to {beat.Match} in round {beat.Round}.",
            SnapshotRequest part when part.Offset < 0 || part.End > part.Header.Bytes || part.Header.Term > part.Term || IsOutOfRange(part.Header.Index.Value) =>
                $"{part.Header} has no {part.Data.Length} bytes from {part.Offset} on, in term {part.Term}.",
            SnapshotResponse part when IsOutOfRange(part.Position.Index.Value, part.Position.Term.Value, part.Offset) =>
                $"It cannot have {part.Offset} bytes of a snapshot {part.Position}.",
            ReadIndexResponse read when IsOutOfRange(read.Index.Value) => $"What is to be applied cannot be {read.Index}.",
            Refusal { Reason: < RefusalReason.Blank or > RefusalReason.Deleted } refusal => $"A refusal cannot have the reason {(byte)refusal.Reason}.",
            _ => null,
        };

    private static string? ProblemOf(AppendRequest append)
    {
        var (index, term) = (append.PreviousIndex, append.PreviousTerm);
        if (IsOutOfRange(index.Value, term.Value, append.Commit.Value) || (index == LogIndex.Zero) != (term == Term.Zero) || term > append.Term)
        {
            return $"There can be no entry {index} of term {term} in the log of a leader of term {append.Term} that committed {append.Commit}.";
        }

        foreach (var entry in append.Entries)
        {
            if (entry.Index != index + 1 || entry.Term < term || entry.Term > append.Term)
            {
                return $"Entry {entry} cannot follow {index}@{term} in the log of a leader of term {append.Term}: indices have no gaps, terms never decrease.";
            }

            if (entry.Kind == EntryKind.Configuration && ProblemOfConfiguration(entry) is { } problem)
            {
                return problem;
            }

            (index, term) = (entry.Index, entry.Term);
        }

        return null;
    }

    private static string? ProblemOfConfiguration(LogEntry entry)
    {
        try
        {
            GroupConfigurationCodec.Decode(entry.Payload);
            return null;
        }
        catch (FormatException failure)
        {
            return $"Entry {entry} is no configuration. {failure.Message}";
        }
    }

    private static bool IsOutOfRange(params ReadOnlySpan<long> numbers)
    {
        foreach (var number in numbers)
        {
            if (number is < 0 or > Highest)
            {
                return true;
            }
        }

        return false;
    }
}
