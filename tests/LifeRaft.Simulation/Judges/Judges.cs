using LifeRaft.Hosting;
using LifeRaft.Protocol;

namespace LifeRaft.Simulation;

/// <summary>
/// Those who watch what nodes send, store, apply and answer, and know nothing of how they decide. The first broken rule ends the
/// run. They tell instead of throwing: an exception within a turn would be taken for a failure of the node.
/// </summary>
internal sealed class Judges
{
    private readonly World _world;
    private readonly ElectionJudge _elections;
    private readonly LogJudge _logs;
    private readonly ApplyJudge _applied;
    private readonly AcknowledgementJudge _acknowledged;
    private readonly BeliefJudge _beliefs;
    private readonly CommitJudge _commits;
    private readonly ConfigurationJudge _configurations;

    public Judges(World world)
    {
        _world = world;
        _elections = new ElectionJudge(this);
        _logs = new LogJudge(this, world.Counts);
        _applied = new ApplyJudge(this, world.Counts);
        _acknowledged = new AcknowledgementJudge(world, _applied);
        _beliefs = new BeliefJudge(world);
        _commits = new CommitJudge(world);
        _configurations = new ConfigurationJudge(this);
    }

    /// <summary>The first rule that was broken, or null.</summary>
    public BrokenRule? Broken { get; private set; }

    public ApplyJudge Committed => _applied;

    public void Break(string rule, string detail)
    {
        if (Broken is null)
        {
            Broken = new BrokenRule(rule, detail, _world.Queue.Now);
            _world.Trace.Say($"BROKEN: {rule}: {detail}");
        }
    }

    public void Sent(Activation sender, RaftMessage message)
    {
        _elections.Sent(sender, message);
        if (message is AppendRequest request)
        {
            _logs.Sent(sender, request);
        }
    }

    /// <summary>Entries are handed over to be stored, in place of what the log holds from the first one on.</summary>
    public void Written(Activation writer, IReadOnlyList<LogEntry> log, IReadOnlyList<LogEntry> entries) =>
        _logs.Written(writer, log, entries, _applied);

    /// <summary>A snapshot is about to take the place of the log.</summary>
    public void Replaced(Activation activation, IReadOnlyList<LogEntry> log, SnapshotHeader snapshot)
    {
        if (activation.Node.State == RaftState.Leader)
        {
            Break("leader append-only", $"{activation.Host} leads term {activation.Node.Term} and replaces its log by {snapshot}");
        }

        if (snapshot.Index.Value <= log.Count && log[(int)snapshot.Index.Value - 1].Term == snapshot.Term)
        {
            Break("committed entries stay", $"{activation.Host} replaces a log that holds entry {snapshot.Position} by {snapshot}");
        }
    }

    public void Taken(Activation activation, LogIndex index) => _applied.Taken(activation, index);

    public void HasApplied(LogIndex index, RegisterMachine registers) => _applied.HasApplied(index, registers);

    public void Installed(Activation activation, SnapshotHeader snapshot, RegisterMachine registers) => _applied.Installed(activation, snapshot, registers);

    public void Applied(Activation applier, LogIndex index, ReadOnlyMemory<byte> command) => _applied.Applied(applier, index, command);

    public void Happened(Activation activation, NodeEvent nodeEvent)
    {
        if (nodeEvent is TermChanged changed)
        {
            activation.ToldTerm = changed.New.Value;
        }
        else if (nodeEvent is StateChanged { New: RaftState.Leader })
        {
            _world.Counts.Elections++;
            _elections.Elected(activation);
            if (activation.ToldTerm == activation.Node.Term.Value)
            {
                _applied.Elected(activation);
            }
        }
    }

    public void TurnEnded(Activation activation)
    {
        _beliefs.TurnEnded(activation);
        _commits.TurnEnded(activation);
        _configurations.TurnEnded(activation);
    }

    public void Acknowledged(Activation activation, RegisterCommand command) => _acknowledged.Acknowledged(activation, command);

    /// <summary>A node stopped by itself. Because of its disk it may; for any other reason something is wrong with it.</summary>
    public void Stopped(Activation activation, Exception? failure)
    {
        if (failure is LogStoreException or NodeStoppedException { InnerException: LogStoreException })
        {
            return;
        }

        _world.Counts.SelfStops++;
        if (_world.Bug == PlantedBug.None)
        {
            // With a planted bug the code's own invariants do not count: a judge has to see it.
            Break("the node's own invariants", $"{activation.Host} stopped: {failure?.Message}");
        }
    }

    /// <summary>Everything is over and healed.</summary>
    public void Finished()
    {
        _acknowledged.Finished();
        var verdict = Linearizability.Check(_world.History);
        if (!verdict.IsLinearizable)
        {
            Break("linearizability", $"register {verdict.Key}: {string.Join("; ", verdict.Window.Take(12))}");
        }
    }
}
