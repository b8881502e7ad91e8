namespace LifeRaft;

/// <summary>
/// Finds the voter that leads and asks it, through changes of leader, until there is an answer or the time is over. A request that was
/// sent and not answered is sent again and says so: a change of the table is applied once, however often it is sent.
/// </summary>
internal sealed class VoterRoute(IReadOnlyList<IVoterLink> links, TimeProvider time)
{
    /// <summary>A voter that does not answer for so long may stand still; another one may lead by now.</summary>
    private static readonly TimeSpan _attempt = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(50);

    private volatile string? _leader;
    private int _next;

    /// <summary>The voters and what is the matter with each, for a person; empty for one that can be asked.</summary>
    public IEnumerable<(string Voter, string Problem)> Voters => links.Select(link => (link.Voter, link.Problem));

    /// <summary>Asks.</summary>
    /// <param name="request">The request; told whether it was sent before.</param>
    /// <param name="timeout">How long that may take.</param>
    /// <param name="cancellationToken">Gives up. What was sent may be done all the same.</param>
    /// <exception cref="OutcomeUnknownException">It was sent, and nobody said in time what became of it.</exception>
    /// <exception cref="GroupUnavailableException">Nobody leads, or can be reached; nothing was done.</exception>
    /// <exception cref="InvalidRequestException">The leader refused it; nothing was done.</exception>
    public async Task<ReadOnlyMemory<byte>> Ask(Func<bool, VoterRequest> request, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(timeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var said = new Dictionary<string, string>();
        var wasSent = false;
        try
        {
            for (var attempt = 1; ; attempt++)
            {
                var (link, isSentBefore) = (Choose(), wasSent);
                wasSent = true; // Whatever ends the waiting: it may have been.
                var reply = await Ask(link, request(isSentBefore), both.Token);
                wasSent = isSentBefore || reply.Status is ReplyStatus.Unknown or ReplyStatus.Lost;
                if (reply.Status == ReplyStatus.Done)
                {
                    _leader = link.Voter;
                    return reply.Body;
                }

                if (reply.Status == ReplyStatus.Refused)
                {
                    throw isSentBefore
                        ? new OutcomeUnknownException($"A request for the membership table was sent, nobody said what became of it, and voter '{link.Voter}' refused its repetition: {reply.Text} Read the table.")
                        : new InvalidRequestException($"Voter '{link.Voter}' refused a request for the membership table: {reply.Text}");
                }

                said[link.Voter] = Learn(link.Voter, reply);
                if (reply.Status == ReplyStatus.NotNow || attempt % (links.Count + 1) == 0)
                {
                    await Task.Delay(_pause, time, both.Token);
                }
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            var what = $"within {Duration.Format(timeout)}: {string.Join("; ", links.Select(link => $"'{link.Voter}': {said.GetValueOrDefault(link.Voter, "not asked")}"))}. A majority of the {links.Count} voters must run.";
            throw wasSent
                ? new OutcomeUnknownException($"A request for the membership table was sent, and nobody said what became of it {what} Read the table.")
                : new GroupUnavailableException($"The membership table could not be reached {what}");
        }
    }

    private async Task<VoterReply> Ask(IVoterLink link, VoterRequest request, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(_attempt, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await link.Ask(request, both.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new VoterReply(ReplyStatus.Lost, $"no answer within {Duration.Format(_attempt)}");
        }
    }

    /// <summary>
    /// Whom to ask next, and what the reply means to a person. "Not now" is no sign of a leader: one that was stopped says it as well, or that
    /// is in the minority. If it comes from a leader after all, those that follow it name it again.
    /// </summary>
    private string Learn(string voter, VoterReply reply)
    {
        var leader = reply.Status == ReplyStatus.NotLeader ? reply.Text : "";
        _leader = leader.Length > 0 && leader != voter ? leader : null;
        return reply.Status != ReplyStatus.NotLeader ? reply.Text : leader.Length > 0 ? $"says that '{leader}' leads" : "knows no leader";
    }

    private IVoterLink Choose()
    {
        if (_leader is { } leader && links.FirstOrDefault(link => link.Voter == leader) is { } known)
        {
            _leader = null; // Asked again only if it answers.
            return known;
        }

        return links[(int)((uint)Interlocked.Increment(ref _next) % (uint)links.Count)];
    }
}
