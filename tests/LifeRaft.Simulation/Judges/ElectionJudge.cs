using LifeRaft.Protocol;

namespace LifeRaft.Simulation;

/// <summary>
/// Election Safety (Raft paper, Figure 3): at most one leader per term, and what makes it so, at most one vote per member and term.
/// </summary>
internal sealed class ElectionJudge(Judges judges)
{
    private readonly Dictionary<long, (MemberId Member, int Activation)> _leaders = [];
    private readonly Dictionary<(long Term, MemberId Voter), MemberId> _votes = [];

    public void Elected(Activation activation) => Leads(activation, activation.ToldTerm, activation.Node.Identity.Member);

    public void Sent(Activation sender, RaftMessage message)
    {
        switch (message)
        {
            case AppendRequest or HeartbeatRequest:
                Leads(sender, message.Term.Value, message.From);
                break;
            case VoteResponse { Granted: true, IsPreVote: false } vote when vote.RequestTerm == vote.Term:
                Votes(message.Term.Value, message.From, message.To);
                break;
            case VoteRequest { IsPreVote: false }:
                // Who asks for votes has its own.
                Votes(message.Term.Value, message.From, message.From);
                break;
            default:
                break;
        }
    }

    private void Leads(Activation activation, long term, MemberId member)
    {
        if (!_leaders.TryAdd(term, (member, activation.Number)) && _leaders[term] != (member, activation.Number))
        {
            judges.Break("election safety", $"term {term} has two leaders: {_leaders[term].Member} (activation {_leaders[term].Activation}) and {member} (activation {activation.Number})");
        }
    }

    private void Votes(long term, MemberId voter, MemberId candidate)
    {
        if (!_votes.TryAdd((term, voter), candidate) && _votes[(term, voter)] != candidate)
        {
            judges.Break("one vote per term", $"{voter} voted in term {term} for {_votes[(term, voter)]} and for {candidate}");
        }
    }
}
