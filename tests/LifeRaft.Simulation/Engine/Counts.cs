using System.Globalization;
using System.Reflection;

namespace LifeRaft.Simulation;

/// <summary>How often the interesting things happened: a run in which they did not proves nothing.</summary>
internal sealed class Counts
{
    public long Elections { get; set; }

    public long Truncations { get; set; }

    public long MembershipChanges { get; set; }

    /// <summary>How far the clocks of the groups have come.</summary>
    public long GroupClockMilliseconds { get; set; }

    public long Readmissions { get; set; }

    public long Transfers { get; set; }

    public long Crashes { get; set; }

    public long CrashesWithinTurns { get; set; }

    public long CrashesAfterPromises { get; set; }

    public long YoungLeadersFailed { get; set; }

    public long Takeovers { get; set; }

    public long Pauses { get; set; }

    public long ClockChanges { get; set; }

    public long LostWrites { get; set; }

    public long LostDisks { get; set; }

    public long TornWrites { get; set; }

    public long FailedSyncs { get; set; }

    public long FullDisks { get; set; }

    public long WritesWithoutSpace { get; set; }

    public long DiskReads { get; set; }

    public long Partitions { get; set; }

    public long Messages { get; set; }

    public long MessagesLost { get; set; }

    public long MessagesDoubled { get; set; }

    public long MessagesLate { get; set; }

    public long MessagesCut { get; set; }

    public long Operations { get; set; }

    public long OperationsUnderFaults { get; set; }

    public long OperationsDone { get; set; }

    public long OperationsRefused { get; set; }

    public long OperationsUnknown { get; set; }

    public long SessionsOpened { get; set; }

    public long SessionsExpired { get; set; }

    public long CommandsRepeated { get; set; }

    public long RepetitionsAnswered { get; set; }

    public long Entries { get; set; }

    public long SnapshotsTaken { get; set; }

    public long SnapshotsOffered { get; set; }

    public long SnapshotsResumed { get; set; }

    public long SnapshotsInstalled { get; set; }

    public long RestartsFromSnapshots { get; set; }

    public long ReadsByLease { get; set; }

    public long ReadsOnFollowers { get; set; }

    public long Replacements { get; set; }

    public long NodesQuiet { get; set; }

    public long HostsLost { get; set; }

    public long Rests { get; set; }

    /// <summary>Nodes that their own invariants stopped; only a planted bug may do that.</summary>
    public long SelfStops { get; set; }

    private static readonly PropertyInfo[] _all = typeof(Counts).GetProperties();

    public static Counts operator +(Counts left, Counts right)
    {
        var sum = new Counts();
        foreach (var count in _all)
        {
            count.SetValue(sum, (long)count.GetValue(left)! + (long)count.GetValue(right)!);
        }

        return sum;
    }

    public IEnumerable<(string Name, long Value)> All() => _all.Select(count => (Words(count.Name), (long)count.GetValue(this)!));

    public override string ToString() =>
        string.Join(", ", All().Select(count => string.Create(CultureInfo.InvariantCulture, $"{count.Name} {count.Value:N0}")));

    private static string Words(string name) =>
        string.Concat(name.Select((letter, i) => char.IsUpper(letter) && i > 0 ? $" {char.ToLowerInvariant(letter)}" : $"{char.ToLowerInvariant(letter)}"));
}
