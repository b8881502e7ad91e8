using LifeRaft.Protocol;
using Microsoft.Extensions.Logging;

namespace LifeRaft.Hosting;

/// <summary>
/// The voter of the membership table on this silo: what it answers to the other voters, to silos and to clients. Its own silo asks it as it
/// asks any other.
/// </summary>
/// <param name="silo">The silo's name.</param>
/// <param name="options">Who votes.</param>
/// <param name="store">The silo's log store, open.</param>
/// <param name="others">The connections to the other voters.</param>
/// <param name="time">The clock.</param>
/// <param name="sessionLogger">Is told what happens to the node.</param>
internal sealed class Voter(
    string silo,
    LifeRaftClusteringOptions options,
    IRaftLogStore store,
    IReadOnlyDictionary<string, VoterConnection> others,
    TimeProvider time,
    ILogger<VoterSession> sessionLogger) : IVoterLink, IDisposable
{
    // Together less than a voter waits that asks to be admitted: it gets an answer, and nothing is left of its request when it asks again.
    private static readonly TimeSpan _patienceForTurn = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _patienceForAdmission = TimeSpan.FromSeconds(10);

    private readonly VoterTransport _transport = new(others);
    private readonly SemaphoreSlim _admission = new(1, 1);
    private readonly IReadOnlyList<string> _configured = [.. options.Voters.Keys.Order(StringComparer.Ordinal)];
    private volatile VoterSession? _session;
    private volatile string _problem = "";

    string IVoterLink.Voter => silo;

    /// <summary>Why the table cannot be had from this voter now, as far as that has to do with itself; empty for no reason.</summary>
    public string Problem
    {
        get => _problem;
        set => _problem = value;
    }

    public string Silo => silo;

    /// <summary>All voters of the configuration, this one among them, in order.</summary>
    public IReadOnlyList<string> Configured => _configured;

    /// <summary>The connections to the other voters.</summary>
    public IReadOnlyDictionary<string, VoterConnection> Others => others;

    /// <summary>The node as it runs now.</summary>
    public VoterSession Session => _session ?? throw new NodeUnavailableException("The voter of the membership table on this silo is not open.");

    /// <summary>Opens the node with what its log holds; also anew, after what it was has ended.</summary>
    public async Task Open(CancellationToken cancellationToken) =>
        _session = await VoterSession.Open(silo, store, _transport, time, sessionLogger, cancellationToken);

    /// <summary>A message of the protocol from another voter.</summary>
    public void Deliver(string from, RaftMessage message) => _session?.Deliver(from, message);

    public async Task<VoterReply> Ask(VoterRequest request, CancellationToken cancellationToken)
    {
        if (_session is not { } session)
        {
            return new VoterReply(ReplyStatus.NotNow, "it is not open yet");
        }

        return request.Operation switch
        {
            VoterOperation.Look => new VoterReply(ReplyStatus.Done, (await Look().WaitAsync(cancellationToken)).Encode()),
            VoterOperation.Admit => await BeAdmitted(request.Body, cancellationToken),
            VoterOperation.Join => await Admit(request.Body, cancellationToken),
            VoterOperation.Command when await CannotServe(session).WaitAsync(cancellationToken) is { } why => why,
            VoterOperation.Command when MembershipCommand.Refusal(request.Body) is { } refusal => new VoterReply(ReplyStatus.Refused, refusal),
            VoterOperation.Command => await session.Command(request.Body).WaitAsync(cancellationToken),
            VoterOperation.Query when await CannotServe(session).WaitAsync(cancellationToken) is { } why => why,
            VoterOperation.Query => await session.Query().WaitAsync(cancellationToken),
            _ => new VoterReply(ReplyStatus.Refused, $"this silo knows no operation {(byte)request.Operation}. Update it."),
        };
    }

    /// <summary>What the node says of itself in its next turn; one that was halted has none, so the caller bounds how long it waits.</summary>
    public Task<VoterLook> Look() => Session.Ask((node, _) => new VoterLook(
        node.Identity,
        node.Status().Last,
        node.Configuration.IsVoter(node.Identity.Member),
        node.Configuration.Find(node.Leader)?.Address ?? "",
        [.. node.Configuration.Everyone.Select(member => member.Address).Distinct()],
        _configured));

    /// <summary>Stops the node as a crash would.</summary>
    public void Halt() => _session?.Halt();

    public void Dispose()
    {
        Halt();
        _admission.Dispose();
    }

    /// <summary>
    /// Why the table is not served; null if the node is to be asked. What is acknowledged shall survive the loss of a minority, so nothing
    /// is while the group, young as it is, has fewer voters than the majority of those that it is to have.
    /// </summary>
    private async Task<VoterReply?> CannotServe(VoterSession session)
    {
        var (state, voters, leader) = await session.Ask((node, _) => (node.State, node.Configuration.Voters.Length, node.Configuration.Find(node.Leader)?.Address ?? ""));
        return state == RaftState.Stopped ? new VoterReply(ReplyStatus.NotNow, $"its node has stopped: {session.Failure?.Message}")
            : state != RaftState.Leader && leader.Length == 0 && Problem is { Length: > 0 } problem ? new VoterReply(ReplyStatus.NotNow, problem)
            : state != RaftState.Leader ? new VoterReply(ReplyStatus.NotLeader, leader)
            : voters < Quorum.MajorityOf(_configured.Count) ? new VoterReply(ReplyStatus.NotNow, $"leads a group of {voters} of {_configured.Count} voters, and waits for the others: {Unreachable()}")
            : null;
    }

    private string Unreachable() => string.Join(", ", others.Values.Select(other => other.Problem.Length > 0 ? $"'{other.Voter}' ({other.Problem})" : $"'{other.Voter}'"));

    /// <summary>The leader says under which membership this blank node is to accept entries.</summary>
    private async Task<VoterReply> BeAdmitted(ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var reader = new FieldReader(body);
        var identity = new NodeIdentity(new GroupId(reader.Id()), new MemberId(reader.Id()));
        var session = Session;
        if (!await session.Ask((node, now) => node.TryAdmit(identity, now)).WaitAsync(cancellationToken))
        {
            return new VoterReply(ReplyStatus.Refused, $"'{silo}' holds entries of a membership already");
        }

        await session.Until(node => node.IsIdentityDurable).WaitAsync(cancellationToken);
        return new VoterReply(ReplyStatus.Done);
    }

    /// <summary>Another silo asks to be a voter: one that is blank, or whose admission did not come to its end.</summary>
    private async Task<VoterReply> Admit(ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var reader = new FieldReader(body);
        var (name, who) = (reader.Text(), new MemberId(reader.Id()));
        if (!others.TryGetValue(name, out var joining))
        {
            return new VoterReply(ReplyStatus.Refused, $"'{name}' is not among the voters that '{silo}' is configured with ({string.Join(", ", _configured)}). Configure all silos alike.");
        }

        // One at a time: each begins with what the one before has left.
        if (!await HasTurn(cancellationToken))
        {
            return new VoterReply(ReplyStatus.NotNow, "another voter is being admitted");
        }

        using var limit = new CancellationTokenSource(_patienceForAdmission, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await new VoterAdmission(Session, _configured, joining, name).Run(who, both.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new VoterReply(ReplyStatus.NotNow, $"within {Duration.Format(_patienceForAdmission)} '{name}' did not answer, or has not caught up yet");
        }
        finally
        {
            _admission.Release();
        }
    }

    /// <summary>Waits for the turn of an admission, and gives up early enough for the next one to get it: who asked asks again.</summary>
    private async Task<bool> HasTurn(CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(_patienceForTurn, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await _admission.WaitAsync(both.Token);
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
