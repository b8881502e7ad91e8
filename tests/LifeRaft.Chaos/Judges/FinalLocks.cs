using LifeRaft.TestSilo;

namespace LifeRaft.Chaos;

/// <summary>When all is over and all silos run: nothing is left of any lock, and the nodes agree.</summary>
internal sealed class FinalLocks(ProcessCluster cluster)
{
    /// <summary>What the nodes agree on.</summary>
    public string Agreed { get; private set; } = "the nodes do not agree";

    /// <exception cref="TimeoutException">A lock is left.</exception>
    public async Task<IReadOnlyList<string>> Findings()
    {
        await using var locks = new RaftLocks(cluster.Group(LockNames.Group));
        await Polling.For("no lock is left", () => Left(locks), left => left.Count == 0, left => string.Join(", ", left));
        (Agreed, var finding) = await NodeAgreement.Of(cluster.NodesOf(LockNames.Group));
        return finding is null ? [] : [$"locks: {finding}"];
    }

    private static async Task<IReadOnlyList<string>> Left(RaftLocks locks)
    {
        var left = new List<string>();
        await foreach (var state in locks.List())
        {
            left.Add($"{state.Name} with {state.HolderCount} holders and {state.WaiterCount} waiters");
        }

        return left;
    }
}
