namespace LifeRaft;

/// <summary>A way to a voter: a connection, or the voter of this very silo.</summary>
internal interface IVoterLink
{
    /// <summary>The voter's silo.</summary>
    string Voter { get; }

    /// <summary>Why it cannot be asked now; empty if it can.</summary>
    string Problem { get; }

    /// <summary>Asks. What goes wrong on the way is a reply too; only cancelling throws.</summary>
    Task<VoterReply> Ask(VoterRequest request, CancellationToken cancellationToken);
}
