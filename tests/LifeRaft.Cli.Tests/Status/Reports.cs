using LifeRaft.Protocol;

namespace LifeRaft.Cli.Tests;

/// <summary>What three silos say of two groups, for what shows it.</summary>
internal static class Reports
{
    public static readonly DateTimeOffset Now = new(2026, 11, 29, 12, 0, 0, TimeSpan.Zero);

    private static readonly Guid _ids = new("11111111-2222-3333-4444-555555555555");

    /// <summary>All three there, both groups led by silo-1.</summary>
    public static ClusterReport Healthy => Of([1, 2, 3], leader: 1);

    /// <summary>silo-3 is not there.</summary>
    public static ClusterReport Degraded => Of([1, 2], leader: 1);

    /// <summary>Only silo-2 is there, and waits for a leader.</summary>
    public static ClusterReport NoQuorum => Of([2], leader: 0);

    /// <summary>All three are there, and none leads yet.</summary>
    public static ClusterReport NoLeader => Of([1, 2, 3], leader: 0);

    /// <param name="up">The silos that say something.</param>
    /// <param name="leader">The silo that leads; 0 for none.</param>
    /// <param name="commit">The last committed entry.</param>
    /// <param name="at">When it is said.</param>
    public static ClusterReport Of(int[] up, int leader, long commit = 1234, DateTimeOffset? at = null) => new(
        at ?? Now,
        [.. up.Select(silo => Silo(silo, up, leader, commit, at ?? Now))],
        [.. Enumerable.Range(1, 3).Except(up).Select(silo => new SilentSilo($"silo-{silo}", $"silo-{silo} did not answer within 700 ms"))]);

    public static GroupReport Group(ClusterReport report) => report.Groups.Single(group => group.Name == "kv/default");

    public static string Address(int silo) => $"{silo}@silo-{silo}";

    private static SiloReport Silo(int silo, int[] up, int leader, long commit, DateTimeOffset at) => new()
    {
        Name = $"silo-{silo}",
        Address = $"S127.0.0.1:1111{silo}:1",
        At = at,
        Started = Now - TimeSpan.FromHours(silo),
        Version = "0.1.0+0123456789",
        IsActive = true,
        Log = $"rocksdb at /data/silo-{silo}",
        StartCount = silo,
        SyncP50 = TimeSpan.FromMilliseconds(0.4),
        SyncP99 = TimeSpan.FromMilliseconds(3.14),
        Nodes = [Node("kv/default", silo, up, leader, commit), Node("lock/default", silo, up, leader, commit / 10)],
    };

    private static NodeReport Node(string group, int silo, int[] up, int leader, long commit) => new()
    {
        Group = group,
        Address = Address(silo),
        GroupId = new GroupId(_ids),
        Member = Member(silo).Id,
        State = silo == leader ? RaftState.Leader : RaftState.Follower,
        Term = new Term(4),
        Leader = leader == 0 ? "" : Address(leader),
        LeaderSince = leader == 0 ? null : Now - TimeSpan.FromMinutes(5),
        Last = new LogIndex(commit),
        Commit = new LogIndex(commit),
        Applied = new LogIndex(commit),
        LastContact = silo == leader ? null : TimeSpan.FromMilliseconds(42),
        ElectionDue = silo == leader ? null : TimeSpan.FromMilliseconds(150),
        ElectionTimeout = TimeSpan.FromMilliseconds(200),
        ElectionsInLastHour = silo == 1 ? 2 : 0,
        CommitP50 = silo == leader ? TimeSpan.FromMilliseconds(1.2) : null,
        CommitP99 = silo == leader ? TimeSpan.FromMilliseconds(8.26) : null,
        Members = silo == leader || leader == 0 ? [Member(1), Member(2), Member(3)] : [],
        Peers = silo != leader ? [] :
        [
            .. Enumerable.Range(1, 3).Except([leader]).Select(peer => new PeerReport
            {
                Address = Address(peer),
                Match = new LogIndex(up.Contains(peer) ? commit : commit - 200),
                Lag = up.Contains(peer) ? 0 : 200,
                IsReachable = up.Contains(peer),
                LastContact = up.Contains(peer) ? TimeSpan.FromMilliseconds(12) : TimeSpan.FromSeconds(75),
                RoundTrip = TimeSpan.FromMilliseconds(0.7),
                RoundTripP99 = TimeSpan.FromMilliseconds(2.3),
            }),
        ],
        IsVoter = true,
        Terms = [new TermRun(new Term(4), new LogIndex(2))],
    };

    private static MemberStatus Member(int silo) => new(Address(silo), new MemberId(new Guid(silo, 0, 0, new byte[8])), IsVoter: true, default);
}
