using LifeRaft.Protocol;

namespace LifeRaft.Hosting;

/// <summary>Which bound a request would break. To refuse one allocates nothing: there may be many.</summary>
internal sealed class Overload
{
    /// <summary>Inputs of the node wait for its turn.</summary>
    public static readonly Overload Inbox = new("inbox", "its node has as many messages and requests in its inbox as it may (MaximumPendingPerNode)");

    /// <summary>Requests to the node are unanswered.</summary>
    public static readonly Overload Requests = new("requests", "as many requests to its node are unanswered as may be (MaximumPendingPerNode)");

    /// <summary>Requests to the node hold much memory.</summary>
    public static readonly Overload NodeBytes = new("node_bytes", "the unanswered requests to its node hold as much memory as they may (MaximumPendingBytesPerNode)");

    /// <summary>Requests to all nodes of the silo hold much memory.</summary>
    public static readonly Overload SiloBytes = new("silo_bytes", "the unanswered requests to all nodes of the leader's silo hold as much memory as they may (MaximumPendingBytesPerSilo)");

    private Overload(string queue, string error)
    {
        Queue = queue;
        Refusal = new Reply { Outcome = Outcome.Overloaded, Error = error };
    }

    /// <summary>What is full, as metrics call it.</summary>
    public string Queue { get; }

    /// <summary>What the caller is told.</summary>
    public Reply Refusal { get; }
}
