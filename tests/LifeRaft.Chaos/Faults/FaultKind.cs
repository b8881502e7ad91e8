using System.Text;

namespace LifeRaft.Chaos;

/// <summary>What is done to the silos.</summary>
internal enum FaultKind
{
    /// <summary>SIGKILL, and a restart.</summary>
    KillOne,

    /// <summary>The same, and it was the leader's silo.</summary>
    KillLeader,

    /// <summary>As many as the group can lose.</summary>
    KillMinority,

    /// <summary>All at once.</summary>
    KillAll,

    /// <summary>SIGSTOP, and SIGCONT after up to a few election timeouts.</summary>
    PauseOne,

    /// <summary>The same, and it was the leader's silo.</summary>
    PauseLeader,

    /// <summary>As many as the group can lose.</summary>
    PauseMinority,

    /// <summary>Bytes between one silo and all others stand still, those that it sends or those that it should receive.</summary>
    StallOneWay,

    /// <summary>Bytes between one silo and all others stand still.</summary>
    StallBothWays,

    /// <summary>One silo's connections to the others are aborted, and it can dial nobody; they can dial it.</summary>
    CutOneWay,

    /// <summary>All connections between one silo and the others are aborted, and nobody can dial.</summary>
    CutBothWays,

    /// <summary>Some pairs of silos are cut or stalled, in any direction.</summary>
    BreakSomeLinks,

    /// <summary>The silos fall apart into parts of which none is a majority.</summary>
    Split,

    /// <summary>Nothing fits on a silo's disk any more. Its store stops for good; it is restarted when there is space again.</summary>
    FillDisk,

    /// <summary>A sync fails. The same.</summary>
    FailSync,
}

internal static class FaultKindNames
{
    /// <summary>As people write it: <c>kill leader</c>.</summary>
    public static string Name(this FaultKind kind)
    {
        var name = new StringBuilder();
        foreach (var letter in kind.ToString())
        {
            name.Append(char.IsUpper(letter) && name.Length > 0 ? " " : "").Append(char.ToLowerInvariant(letter));
        }

        return name.ToString();
    }
}
