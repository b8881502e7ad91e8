using System.Text;
using Xunit;

namespace LifeRaft.Protocol.Tests.Harness;

/// <summary>One node with its disk and its state machine. It does what <see cref="Ready"/> says, in that order, and keeps what it said.</summary>
internal sealed class TestNode
{
    private readonly TestClock _clock;
    private readonly RaftSettings _settings;
    private readonly Random _random;

    public TestNode(string name, TestClock clock, TestDisk disk, RaftSettings? settings = null, int? seed = null, bool guardsLease = false)
    {
        Name = name;
        Id = Given.Id(name);
        Disk = disk;
        _clock = clock;

        // Most tests start in the middle of a node's life: it was started long ago.
        _settings = (settings ?? new RaftSettings()) with { GuardsLeaseAfterStart = guardsLease };
        _random = new Random(seed ?? name[0]);
        Raft = new RaftNode(_settings, disk.Restore(), _random, clock.Now);
        MachineIndex = disk.Snapshot?.Index ?? LogIndex.Zero;
    }

    public string Name { get; }

    public MemberId Id { get; }

    public TestDisk Disk { get; private set; }

    public RaftNode Raft { get; private set; }

    public bool IsUp { get; private set; } = true;

    public NodeEnd? End { get; private set; }

    /// <summary>Whether a write becomes durable only by <see cref="CompleteWrite"/>.</summary>
    public bool WritesByHand { get; set; }

    /// <summary>Whether entries count as applied only by <see cref="CompleteApply"/>.</summary>
    public bool AppliesByHand { get; set; }

    /// <summary>Whether entries are read from the disk only by <see cref="CompleteReads"/>.</summary>
    public bool ReadsByHand { get; set; }

    public List<LogRead> Reading { get; } = [];

    /// <summary>Whether snapshots that are complete are loaded only by <see cref="CompleteLoad"/>.</summary>
    public bool LoadsByHand { get; set; }

    /// <summary>Whether parts of a snapshot that are sent are read from the disk only by <see cref="CompleteSnapshotReads"/>.</summary>
    public bool ReadsSnapshotsByHand { get; set; }

    public List<SnapshotRead> ReadingSnapshot { get; } = [];

    /// <summary>The snapshot that is to be loaded.</summary>
    public SnapshotHeader? Loading { get; private set; }

    /// <summary>Up to here the state machine has applied entries, or got them with a snapshot.</summary>
    public LogIndex MachineIndex { get; private set; }

    /// <summary>The snapshots that took the place of the state.</summary>
    public List<SnapshotHeader> Installed { get; } = [];

    public List<RaftMessage> Outbox { get; } = [];

    public List<Answer> Answers { get; } = [];

    public List<NodeEvent> Events { get; } = [];

    /// <summary>What the state machine of this incarnation has been given.</summary>
    public List<EntryToApply> Applied { get; } = [];

    public RaftState State => Raft.State;

    public int Term => (int)Raft.Term.Value;

    public long Commit => Raft.Commit.Value;

    public long Last => Raft.Status().Last.Value;

    public TestClock Clock => _clock;

    public TimeSpan Now => _clock.Now;

    public bool IsLeader => IsUp && State == RaftState.Leader;

    public void Receive(RaftMessage message) => Do(raft => raft.Step(message, Now));

    public void Tick() => Do(raft => raft.Tick(Now));

    /// <summary>Moves the clock to this node's next deadline and ticks it.</summary>
    public void TimeOut()
    {
        _clock.Now = Raft.NextDeadline;
        Tick();
    }

    public void Campaign(string caller = "campaign") => Do(raft => raft.Campaign(caller, Now));

    public void Propose(string caller, int bytes = 0) =>
        Do(raft => raft.Propose(caller, Encoding.ASCII.GetBytes(caller.PadRight(bytes)), 0, Now));

    public void Read(string caller) => Do(raft => raft.Read(caller, Now));

    public void ReadByLease(string caller) => Do(raft => raft.Read(caller, Now, mayUseLease: true));

    public void Transfer(string? target, string caller = "transfer") =>
        Do(raft => raft.TransferLeadership(target is null ? MemberId.None : Given.Id(target), caller, Now));

    public void Add(Member member, string caller, bool isVoter = true, int mostVoters = int.MaxValue) => Do(raft => raft.AddMember(member, isVoter, caller, Now, mostVoters));

    public void Replace(string replaced, Member member, string caller, int mostVoters = int.MaxValue) =>
        Do(raft => raft.ReplaceMember(Given.Id(replaced), member, caller, Now, mostVoters));

    public void Remove(string member, string caller, bool handOver = true) => Do(raft => raft.RemoveMember(Given.Id(member), caller, Now, handOver));

    public void Stop(NodeEnd end) => Do(raft => raft.Stop(end, Now));

    public void CompleteWrite() => Do(raft => raft.Persisted(Disk.Complete(), Now));

    public void CompleteReads()
    {
        var reads = Reading.ToArray();
        Reading.Clear();
        foreach (var read in reads)
        {
            Do(raft => raft.EntriesRead(read, Disk.Read(read), Now));
        }
    }

    public void CompleteApply() => Do(raft => raft.Applied(Applied[^1].Entry.Index, Now));

    public void CompleteLoad()
    {
        var complete = Loading ?? throw new InvalidOperationException("No snapshot is being loaded.");
        Loading = null;
        Do(raft => raft.SnapshotLoaded(complete, Now));
    }

    public void CompleteSnapshotReads()
    {
        var reads = ReadingSnapshot.ToArray();
        ReadingSnapshot.Clear();
        foreach (var read in reads)
        {
            Do(raft => Answer(raft, read));
        }
    }

    /// <summary>Takes a snapshot of that many bytes of everything that was applied, as a host does.</summary>
    public SnapshotHeader TakeSnapshot(int bytes = 10)
    {
        var point = Raft.PointOfSnapshot() ?? throw new InvalidOperationException("There is nothing to take a snapshot of.");
        var header = Write(point, bytes);
        Do(raft => raft.SnapshotTaken(header, Now));
        return header;
    }

    /// <summary>Writes the content of a snapshot, and tells nobody yet.</summary>
    public SnapshotHeader Write(SnapshotPoint point, int bytes = 10)
    {
        Disk.Contents[point.Position] = [.. Enumerable.Range(0, bytes).Select(i => (byte)(i + point.Position.Index.Value))];
        return point.With(bytes, (ulong)(1000 + point.Position.Index.Value));
    }

    /// <summary>The process is killed: all is lost but what is durable.</summary>
    public void Crash()
    {
        Disk.LoseWrite();
        Outbox.Clear();
        Reading.Clear();
        ReadingSnapshot.Clear();
        Loading = null;
        IsUp = false;
    }

    public void Restart()
    {
        Applied.Clear();
        Raft = new RaftNode(_settings, Disk.Restore(), _random, Now);
        MachineIndex = Disk.Snapshot?.Index ?? LogIndex.Zero;
        IsUp = true;
        Pump();
    }

    /// <summary>Restarts with nothing on the disk.</summary>
    public void RestartWithEmptyDisk()
    {
        Crash();
        Disk = new TestDisk();
        Restart();
    }

    public void Do(Action<RaftNode> input)
    {
        input(Raft);
        Pump();
    }

    /// <summary>What was said of that kind since the last look; looking forgets it.</summary>
    public List<T> Take<T>()
        where T : RaftMessage
    {
        var taken = Outbox.OfType<T>().ToList();
        Outbox.RemoveAll(message => message is T);
        return taken;
    }

    public T TakeOne<T>()
        where T : RaftMessage => Assert.Single(Take<T>());

    /// <summary>What the caller was answered, if anything: never more than once.</summary>
    public Outcome? OutcomeOf(string caller)
    {
        var answers = Answers.FindAll(answer => caller.Equals(answer.Caller));
        Assert.True(answers.Count <= 1, $"{caller} was answered {answers.Count} times.");
        return answers.Count == 0 ? null : answers[0].Outcome;
    }

    public bool HasApplied(string caller) => Applied.Exists(entry => caller.Equals(entry.Caller));

    private void Pump()
    {
        while (Raft.TakeReady() is { } ready)
        {
            if (ready.Persist is { } batch)
            {
                Disk.Begin(batch);
            }

            Outbox.AddRange(ready.Messages);
            foreach (var read in ready.Reads)
            {
                if (ReadsByHand)
                {
                    Reading.Add(read);
                }
                else
                {
                    Raft.EntriesRead(read, Disk.Read(read), Now);
                }
            }

            PumpSnapshots(ready);
            foreach (var (entry, _) in ready.Apply)
            {
                Assert.Equal(MachineIndex + 1, entry.Index);
                MachineIndex = entry.Index;
            }

            Applied.AddRange(ready.Apply);
            if (ready.Apply.Count > 0 && !AppliesByHand)
            {
                Raft.Applied(ready.Apply[^1].Entry.Index, Now);
            }

            Answers.AddRange(ready.Answers);
            Events.AddRange(ready.Events);
            End = ready.End ?? End;
            if (Disk.Writing is not null && !WritesByHand)
            {
                Raft.Persisted(Disk.Complete(), Now);
            }
        }
    }

    private void PumpSnapshots(Ready ready)
    {
        foreach (var read in ready.SnapshotReads)
        {
            if (ReadsSnapshotsByHand)
            {
                ReadingSnapshot.Add(read);
            }
            else
            {
                Answer(Raft, read);
            }
        }

        foreach (var part in ready.SnapshotParts)
        {
            Disk.Store(part);
            Raft.SnapshotPartStored(part, Now);
        }

        if (ready.SnapshotToLoad is { } complete)
        {
            if (LoadsByHand)
            {
                Loading = complete;
            }
            else
            {
                Raft.SnapshotLoaded(complete, Now);
            }
        }

        if (ready.Installed is { } installed)
        {
            Assert.Equal(installed, Disk.Snapshot);
            Installed.Add(installed);
            MachineIndex = installed.Index;
        }
    }

    private void Answer(RaftNode raft, SnapshotRead read)
    {
        if (Disk.Contents.TryGetValue(read.Header.Position, out var content))
        {
            raft.SnapshotPartRead(read, content.AsMemory((int)read.Offset, read.MaximumBytes), Now);
        }
        else
        {
            raft.SnapshotGone(read, Now);
        }
    }
}
