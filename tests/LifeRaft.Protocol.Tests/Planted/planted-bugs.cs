// Shows that the tests of the scenarios can fail: each rule is broken in a copy of the sources, and the test of its row must notice.
//   dotnet run tests/LifeRaft.Protocol.Tests/Planted/planted-bugs.cs
// Exit code 0 when every planted bug was found by the test that is named beside it. Nothing of it is part of what ships.
using System.Diagnostics;

(string Row, string File, string Rule, string Broken)[] bugs =
[
    ("S1", "RaftNode.Election.cs", "var isFree = _hard.VotedFor.IsNone || _hard.VotedFor == request.From;", "var isFree = true;"),
    ("S2", "RaftNode.Election.cs", "SendWhenHardStateIsDurable(new VoteRequest", "Send(new VoteRequest"),
    ("S5", "RaftLog.cs", "lastTerm > LastTerm || (lastTerm == LastTerm && lastIndex >= Last)", "lastTerm >= LastTerm && lastIndex >= Last"),
    ("S9", "RaftNode.Heartbeats.cs", "return isStalled || IsMajorityHeard(leader, Configuration);", "return true;"),
    ("S13", "RaftNode.Election.cs", "&& (request.IsDeliberate || !HearsLeader)", ""),
    ("S15", "RaftNode.Replication.cs", "reached <= _commit || _log.TermAt(reached) != _hard.Term", "reached <= _commit"),
    ("S16", "RaftNode.Replication.cs", "context.Node._log.Durable.Value", "context.Node._log.Last.Value"),
    ("S17", "RaftNode.Following.cs", "var match = LogIndex.Min(follower.Verified, _log.Durable);", "var match = follower.Verified;"),
    ("S20", "RaftLog.cs", "_inFlightLast = LogIndex.Min(_inFlightLast, Last);", ""),
    ("S23", "RaftNode.Following.cs", "LogIndex.Min(leaderCommit, follower.Verified)", "LogIndex.Min(leaderCommit, _log.Last)"),
    ("S25", "RaftLog.cs", "index < Base.Index || (index <= Last && TermAt(index) == term)", "index >= Base.Index && index <= Last && TermAt(index) == term"),
    ("S26", "Quorum.cs", "&& (!configuration.IsJoint || IsReached(configuration.Outgoing, context, test))", ""),
    ("S31", "RaftNode.Installing.cs", "snapshot.Position, ReplacesLog: true", "snapshot.Position, ReplacesLog: false"),
    ("S32", "RaftNode.Installing.cs", "if (HasAlready(header))", "if (HasAlready(header) && header.Index > _commit)"),
    ("S34", "RaftNode.Installing.cs", "_configurations.ReplaceBy(snapshot);", ""),
    ("S35", "RaftLog.cs", "Durable = LogIndex.Min(Durable, agreed);", "Durable = Last;"),
    ("S38", "RaftNode.Installing.cs", "AbandonCallers(LogIndex.Zero);", ""),
    ("S39", "RaftNode.Snapshot.cs", "|| header.Index <= (_snapshot?.Index ?? LogIndex.Zero))", ")"),
    ("S40", "RaftNode.Membership.cs", "leader.FirstOwn <= _commit && _configurations.CurrentIndex <= _commit && !Configuration.IsJoint", "!Configuration.IsJoint"),
    ("S41", "RaftNode.Following.cs", "_configurations.TruncateFrom(entry.Index);", ""),
    ("S42", "RaftNode.Election.cs", "IsVoter || _configurations.IsOrWasVoter(_identity.Member)", "IsVoter"),
    ("S45", "RaftNode.Membership.cs", "&& IsHeard(follower)", ""),
    ("S48", "RaftNode.Election.cs", "if (_role is FollowerRole && IsVoter)", "if (_role is FollowerRole)"),
    ("S48", "RaftNode.Transfer.cs", "leader.Lease.GiveUp();", ""),
    ("S49", "RaftNode.Reads.cs", "LogIndex.Max(_commit, leader.FirstOwn)", "_commit"),
    ("S50", "RaftNode.FollowerReads.cs", "leader.Reads.Add(new PendingRead(new RemoteReader(request.From, request.Id), LogIndex.Max(_commit, leader.FirstOwn), leader.Round + 1));", "Send(new ReadIndexResponse { To = request.From, Id = request.Id, Index = _commit });"),
    ("S51", "RaftNode.Reads.cs", "leader.Round + 1));", "Math.Max(1, leader.Round)));"),
    ("S52", "LeaderLease.cs", "electionMin / (1 + maximumClockDrift)", "electionMin"),
    ("S63", "RaftNode.Heartbeats.cs", "YieldForSlowDisk(leader);", ""),
];

var root = AppContext.GetData("EntryPointFileDirectoryPath") is string here ? Path.GetFullPath(Path.Combine(here, "../../..")) : Environment.CurrentDirectory;
var copy = Directory.CreateTempSubdirectory("liferaft-planted-").FullName;
try
{
    foreach (var file in new[] { "Directory.Build.props", "Directory.Packages.props", "global.json" })
    {
        File.Copy(Path.Combine(root, file), Path.Combine(copy, file));
    }

    Copy("src/LifeRaft.Protocol");
    Copy("tests/LifeRaft.Protocol.Tests");
    var missed = 0;
    foreach (var (row, file, rule, broken) in bugs)
    {
        var path = Path.Combine(copy, "src/LifeRaft.Protocol", file);
        var source = File.ReadAllText(path);
        var isThere = source.Contains(rule, StringComparison.Ordinal);
        File.WriteAllText(path, source.Replace(rule, broken, StringComparison.Ordinal));
        var build = Run("build tests/LifeRaft.Protocol.Tests -v q -p:TreatWarningsAsErrors=false -p:RunAnalyzers=false");
        var test = Run($"tests/LifeRaft.Protocol.Tests/bin/Debug/net10.0/LifeRaft.Protocol.Tests.dll -noColor -method *.{row}_*");
        File.WriteAllText(path, source);
        var isFound = isThere && build.Code == 0 && test.Output.Contains($".{row}_", StringComparison.Ordinal) && test.Output.Contains("[FAIL]", StringComparison.Ordinal);
        missed += isFound ? 0 : 1;
        Console.WriteLine($"{row,-4} {(isFound ? "found" : !isThere ? "the rule is not in the source any more" : build.Code != 0 ? "does not compile" : "MISSED")}: {rule}");
    }

    Console.WriteLine($"{bugs.Length - missed} of {bugs.Length} planted bugs found by the tests of their rows.");
    return missed == 0 ? 0 : 1;
}
finally
{
    Directory.Delete(copy, recursive: true);
}

void Copy(string folder)
{
    foreach (var file in Directory.EnumerateFiles(Path.Combine(root, folder), "*", SearchOption.AllDirectories))
    {
        var relative = Path.GetRelativePath(root, file);
        if (!relative.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj"))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(copy, relative))!);
            File.Copy(file, Path.Combine(copy, relative));
        }
    }
}

(int Code, string Output) Run(string arguments)
{
    var start = new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = copy, RedirectStandardOutput = true, RedirectStandardError = true };
    using var process = Process.Start(start)!;
    var errors = process.StandardError.ReadToEndAsync();
    var output = process.StandardOutput.ReadToEnd();
    process.WaitForExit();
    return (process.ExitCode, output + errors.GetAwaiter().GetResult());
}
