using LifeRaft.Protocol;

namespace LifeRaft.Hosting;

/// <summary>
/// Drives one protocol node. Whoever has something for it calls <see cref="Post"/> from any thread; the turns, one at a time, feed
/// what has arrived and then do what the node owes, in the order of <see cref="Ready"/>. While a write is under way the turns go on:
/// what arrives meanwhile is the next batch.
/// </summary>
internal sealed partial class NodePump : ILogWriteCompletion
{
    // Touched from any thread; the count is written by turns.
    private int _heldCount;
    private readonly PumpInbox _inbox = new();
    private readonly Action _turn;
    private int _isScheduled;
    private long _scheduledAt;
    private volatile bool _hasTimerFired;
    private volatile bool _isHalted;

    // Touched by turns only.
    private readonly NodePorts _ports;
    private readonly RaftNode _node;
    private readonly NodeSnapshots _snapshots;
    private readonly GroupClock _clock;
    private readonly NodeTicks _ticks;
    private readonly WaitingQueries _waiting;
    private readonly long _started;
    private readonly PeerMail _mail;
    private readonly ProposalTraces _traces = new();

    // Commands that came while leadership is handed over: in the order in which they came.
    private readonly Queue<Proposal> _held = new();

    // Who was told an outcome in this turn.
    private readonly Queue<PumpCaller> _told = [];

    // What the node handed out and is being done; null otherwise. Whoever is in it is known to nobody else.
    private Ready? _performing;
    private TimeSpan _timer = TimeSpan.MaxValue;
    private RaftState _state;
    private bool _isOver;

    // Handed from a turn to the writer and back; one write is in flight at a time.
    private long _batchInFlight;

    public NodePump(NodePorts ports, RaftSettings settings, Random random)
    {
        _ports = ports;
        _turn = RunTurn;
        _started = ports.Time.GetTimestamp();
        _node = new RaftNode(settings, ports.Log.Restored, random, TimeSpan.Zero);
        _mail = new PeerMail(ports, _node);
        _snapshots = new NodeSnapshots(ports, Post);
        _clock = new GroupClock(ports.State);
        _ticks = new NodeTicks(_clock, ports.Time, ports.Observer);
        _waiting = new WaitingQueries(ports.State, _told.Enqueue);
        _state = _node.State;
    }

    /// <summary>What is replicated, to be looked at between turns.</summary>
    public ReplicatedState State => _snapshots.State;

    /// <summary>The node, to be looked at between turns.</summary>
    public RaftNode Node => _node;

    /// <summary>The id of the node's grain.</summary>
    public string Endpoint => _ports.Endpoint;

    /// <summary>Whether the node has ended or failed.</summary>
    public bool IsOver => _isOver || _isHalted;

    /// <summary>What it holds for its callers.</summary>
    public NodeLoad Load => _ports.Load;

    /// <summary>How much has arrived and was not fed yet.</summary>
    public int Pending => _inbox.Count + Volatile.Read(ref _heldCount);

    /// <summary>For how long a turn has been asked for and not begun; zero when none is.</summary>
    public TimeSpan Overdue => Volatile.Read(ref _isScheduled) == 0 ? TimeSpan.Zero : _ports.Time.GetElapsedTime(Volatile.Read(ref _scheduledAt));

    /// <summary>How long recent proposals took on this leader, from their arrival until they were applied.</summary>
    public RecentDurations CommitDurations { get; } = new();

    /// <summary>How long the followers of this leader take to answer.</summary>
    public RoundTrips RoundTrips => _mail.RoundTrips;

    /// <summary>Why the node has failed, or null.</summary>
    public Exception? Failure { get; private set; }

    public void Post(PumpInput input)
    {
        if (input is Proposal proposal)
        {
            proposal.Caller.ArrivedAt = _ports.Time.GetTimestamp();
        }

        _inbox.Put(input);
        ScheduleTurn();
    }

    /// <summary>The timer has fired, perhaps a little early.</summary>
    public void Wake()
    {
        _hasTimerFired = true;
        ScheduleTurn();
    }

    /// <summary>Feeds a message whose answer goes to the caller instead of the sender.</summary>
    public Task<RaftMessage> Ask(RaftMessage message)
    {
        var answer = new TaskCompletionSource<RaftMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(new MessageArrived("", message, answer));
        return answer.Task;
    }

    /// <summary>How old the state may be; see <see cref="RaftNode.AgeOfState"/>.</summary>
    public TimeSpan? AgeOfState() => _node.AgeOfState(Now());

    /// <summary>Completes at the first look after which the state is known to be no older than this call.</summary>
    public Func<bool> FreshFromNow()
    {
        var asked = Now();
        return () => Now() is var now && _node.AgeOfState(now) <= now - asked;
    }

    /// <summary>Takes a snapshot soon; the newest one when that is done, null when nothing was applied yet.</summary>
    public Task<SnapshotHeader?> TakeSnapshot()
    {
        var request = new TaskCompletionSource<SnapshotHeader?>(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(new NodeRequest((_, _) => _snapshots.Request(request)));
        return request.Task;
    }

    /// <summary>How many questions wait for an answer.</summary>
    public int Waiting => _waiting.Count;

    /// <summary>A question that may have to wait for its answer.</summary>
    public void Await(WaitingCaller caller) => Post(new NodeRequest((node, _) => _waiting.Add(caller, node)));

    /// <summary>Who asked waits no more.</summary>
    public void Withdraw(WaitingCaller caller) => Post(new NodeRequest((_, _) => _waiting.Remove(caller)));

    /// <summary>Stops as a crash would: nothing is sent, written or answered any more.</summary>
    public void Halt() => _isHalted = true;

    void ILogWriteCompletion.Completed(LogWrite write, LogStoreException? failure) =>
        Post(failure is null ? new WriteCompleted(_batchInFlight) : new NodeFailed(failure.Message, failure));

    private void ScheduleTurn()
    {
        if (Volatile.Read(ref _isScheduled) == 0)
        {
            // Before the flag, so that who sees the flag sees no older time.
            Volatile.Write(ref _scheduledAt, _ports.Time.GetTimestamp());
        }

        if (Interlocked.Exchange(ref _isScheduled, 1) == 0)
        {
            _ports.Host.Schedule(_turn);
        }
    }

    private void RunTurn()
    {
        // Whoever posts from here on schedules the next turn.
        Volatile.Write(ref _isScheduled, 0);
        if (_isHalted)
        {
            return;
        }

        if (_isOver)
        {
            AnswerAfterTheEnd();
            return;
        }

        try
        {
            FeedInbox();
            var now = Now();
            if (now >= _node.NextDeadline)
            {
                // Everything that had arrived was fed first: a late timer means that this process stood still, not the leader.
                _node.Tick(now);
            }

            FeedHeld();
            do
            {
                PerformAll();
            }
            while (!_isOver && _ticks.TryPropose(_node, State.Machine, Now()));

            _snapshots.TakeIfDue(_node);
            _waiting.TurnEnded(_node, State);

            _state = _node.State;
            _ports.Observer.TurnEnded();
            SetTimer();
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            // Whatever it is: the node can no longer be trusted to do what it owes, and wrong answers are worse than none.
            Fail(failure);
        }

        LetCallersGoOn();
        if (_isOver)
        {
            // For what arrived behind that which ended the node no other turn need come.
            AnswerAfterTheEnd();
        }
    }

    private void PerformAll()
    {
        while (!_isOver && _node.TakeReady() is { } ready)
        {
            Perform(ready);
        }
    }

    private void FeedInbox()
    {
        while (_inbox.TryTake(out var input))
        {
            if (input is MessageArrived arrived && !Admits(arrived))
            {
                continue;
            }

            var now = Now();
            Feed(input, now);
        }
    }

    private void Feed(PumpInput input, TimeSpan now)
    {
        if (input is not Proposal proposal)
        {
            input.Feed(_node, now);
        }
        else if (_held.Count > 0 || _node.IsLeadershipMoving(now))
        {
            _held.Enqueue(proposal);
            _heldCount = _held.Count;
        }
        else
        {
            Propose(proposal, now);
        }
    }

    /// <summary>
    /// Leadership has come to rest, here or elsewhere: those who waited for that are taken now, or learn who leads. Refused at once, they
    /// would have had to look for the next leader before there was one.
    /// </summary>
    private void FeedHeld()
    {
        while (_held.Count > 0 && !_node.IsLeadershipMoving(Now()))
        {
            Propose(_held.Dequeue(), Now());
            _heldCount = _held.Count;
        }
    }

    private void Propose(Proposal proposal, TimeSpan now)
    {
        proposal.Stamp = _clock.Stamp(_node, now);
        if (proposal.Caller.Activity is null)
        {
            proposal.Feed(_node, now);
        }
        else
        {
            _traces.Feed(proposal, _node, now);
        }
    }

    /// <summary>A deleted group stays deleted: who still speaks for it is told so.</summary>
    private bool Admits(MessageArrived arrived)
    {
        var message = _mail.Arrived(arrived);
        if (message.Group != _node.Identity.Group && TellOfDeletion(message))
        {
            return false;
        }

        _ports.Observer.Arrived(message);
        return true;
    }

    private bool TellOfDeletion(RaftMessage message)
    {
        if (message is Refusal || !_ports.IsDeleted(message.Group))
        {
            return false;
        }

        _mail.Send(new Refusal
        {
            Group = message.Group,
            From = message.To,
            To = message.From,
            Reason = RefusalReason.Deleted,
            Actual = NodeIdentity.Blank,
            Correlation = message.Correlation,
        });
        return true;
    }

    private void Perform(Ready ready)
    {
        _performing = ready;
        if (ready.Persist is { } batch)
        {
            _batchInFlight = batch.Number;
            _traces.Writes(batch);
            _ports.Log.Write(new LogWrite(batch.Identity, batch.HardState, batch.Entries) { Snapshot = batch.Snapshot }, this);
        }

        _mail.SendAll(ready.Messages);
        foreach (var read in ready.Reads)
        {
            _ = Read(read);
        }

        _snapshots.Perform(ready);
        if (ready.Installed is not null)
        {
            _clock.Installed(State, Now());
        }

        _traces.Look(_node);
        Apply(ready.Apply);
        Answer(ready.Answers);
        foreach (var nodeEvent in ready.Events)
        {
            _ports.Observer.Happened(nodeEvent);
        }

        if (ready.End is { } end)
        {
            _isOver = true;
            FeedHeld();
            Answer(_node.TakeReady()?.Answers ?? []);
            _snapshots.Ended(new NodeStoppedException("The node has ended."));
            _ports.Observer.Ended(end, _state, null);
        }

        _performing = null;
    }

    private async Task Read(LogRead read)
    {
        try
        {
            Post(new ReadCompleted(read, await _ports.Log.Read(read.First, read.Last, read.MaximumBytes, CancellationToken.None)));
        }
        catch (LogStoreException failure)
        {
            Post(new NodeFailed(failure.Message, failure));
        }
    }

    private void SetTimer()
    {
        // A deadline that moved further away is not worth a call: the timer fires once in vain and is set anew.
        var next = _node.NextDeadline < _ticks.NextDue ? _node.NextDeadline : _ticks.NextDue;
        if (_hasTimerFired)
        {
            _hasTimerFired = false;
            _timer = TimeSpan.MaxValue;
        }

        if (next < _timer)
        {
            var now = Now();
            _timer = next;
            _ports.Host.SetTimer(next > now ? next - now : TimeSpan.Zero);
        }
    }

    private TimeSpan Now() => _ports.Time.GetElapsedTime(_started);
}
