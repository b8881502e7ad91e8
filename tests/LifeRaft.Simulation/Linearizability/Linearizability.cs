namespace LifeRaft.Simulation;

/// <summary>What a check found.</summary>
/// <param name="Key">A register whose history has no explanation; null when all have one.</param>
/// <param name="Window">The smallest part of it that was found to have none.</param>
/// <param name="MayBeginAnyhow">Whether the window has no explanation whatever the register held before it.</param>
internal sealed record LinearizabilityVerdict(string? Key, IReadOnlyList<Operation> Window, bool MayBeginAnyhow)
{
    public bool IsLinearizable => Key is null;
}

/// <summary>
/// Decides whether each register of a history behaved as if every operation had happened at one moment between its invocation and
/// its completion. Registers are independent, so each is judged alone (Herlihy and Wing, 1990, "locality").
/// </summary>
internal static class Linearizability
{
    public static LinearizabilityVerdict Check(IEnumerable<HistoryEvent> history)
    {
        foreach (var register in OperationPairing.Pair(history).GroupBy(operation => operation.Key, StringComparer.Ordinal))
        {
            var operations = register.ToList();
            if (!HasOrder(operations, isBeginningKnown: true))
            {
                var (window, mayBeginAnyhow) = ViolationWindow.Find(operations);
                return new LinearizabilityVerdict(register.Key, window, mayBeginAnyhow);
            }
        }

        return new LinearizabilityVerdict(null, [], MayBeginAnyhow: false);
    }

    /// <summary>Whether the operations, all on one register, have an order that explains them.</summary>
    /// <param name="operations">The operations.</param>
    /// <param name="isBeginningKnown">Whether the register did not exist before; otherwise it may have held anything.</param>
    public static bool HasOrder(IEnumerable<Operation> operations, bool isBeginningKnown)
    {
        var prepared = new RegisterOperations(operations);
        if (new LinearizationSearch(prepared, RegisterOperations.Null).Succeeds())
        {
            return true;
        }

        // A value that nobody observes explains no more than any other unobserved one, and those explain less than an observed one.
        return !isBeginningKnown && Enumerable.Range(1, prepared.ValueCount - 1)
            .Where(value => prepared.IsObserved[value])
            .Any(value => new LinearizationSearch(prepared, value).Succeeds());
    }
}
