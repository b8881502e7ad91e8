namespace LifeRaft.Simulation;

/// <summary>
/// Cuts a history that has no explanation down to a part that has none either. Each cut is sound: had the whole an explanation, the
/// part would have one.
/// </summary>
internal static class ViolationWindow
{
    /// <summary>A window of more operations than this is shown as it is: taking them out one by one would take too long.</summary>
    private const int MostToReduce = 400;

    public static (IReadOnlyList<Operation> Window, bool MayBeginAnyhow) Find(List<Operation> operations)
    {
        var window = ShortestBeginning(operations);
        var late = LatestStart(window);
        var isBeginningKnown = late is null;
        return (Reduce(late ?? window, isBeginningKnown), !isBeginningKnown);
    }

    /// <summary>Up to the first line at which no explanation is left: what is not completed by then is uncertain.</summary>
    private static List<Operation> ShortestBeginning(List<Operation> operations)
    {
        var lines = operations.Where(operation => operation.IsCertain).Select(operation => operation.Completed).Order().ToList();
        int explained = -1, unexplained = lines.Count - 1;
        while (unexplained - explained > 1)
        {
            var middle = (explained + unexplained) / 2;
            if (Linearizability.HasOrder(UpTo(operations, lines[middle]), isBeginningKnown: true))
            {
                explained = middle;
            }
            else
            {
                unexplained = middle;
            }
        }

        return UpTo(operations, lines[unexplained]);
    }

    private static List<Operation> UpTo(List<Operation> operations, int line) =>
    [
        .. operations
            .Where(operation => operation.Invoked <= line && (operation.Completed <= line || operation.Kind != OperationKind.Read))
            .Select(operation => operation.Completed <= line ? operation : operation with { Completed = Operation.Never }),
    ];

    /// <summary>
    /// The latest moment at which nothing was under way and from which on there is no explanation, whatever the register held then;
    /// null when there is no such moment.
    /// </summary>
    private static List<Operation>? LatestStart(List<Operation> window)
    {
        var quiet = QuietMoments(window);
        int unexplained = -1, explained = quiet.Count;
        while (explained - unexplained > 1)
        {
            var middle = (explained + unexplained) / 2;
            if (Linearizability.HasOrder(From(window, quiet[middle]), isBeginningKnown: false))
            {
                explained = middle;
            }
            else
            {
                unexplained = middle;
            }
        }

        return unexplained < 0 ? null : From(window, quiet[unexplained]);
    }

    // What is uncertain may happen at any time after its invocation, so it stays.
    private static List<Operation> From(List<Operation> window, int line) =>
        [.. window.Where(operation => operation.Invoked >= line || !operation.IsCertain)];

    private static List<int> QuietMoments(List<Operation> window)
    {
        var moments = new List<int>();
        var latestCompletion = 0;
        foreach (var operation in window.Where(operation => operation.IsCertain))
        {
            if (operation.Invoked > latestCompletion)
            {
                moments.Add(operation.Invoked);
            }

            latestCompletion = Math.Max(latestCompletion, operation.Completed);
        }

        return moments;
    }

    /// <summary>Takes out whatever is not needed. A read may always go, a change when nobody observes its value.</summary>
    private static List<Operation> Reduce(List<Operation> window, bool isBeginningKnown)
    {
        var kept = new List<Operation>(new RegisterOperations(window).All);
        if (kept.Count > MostToReduce)
        {
            return kept;
        }

        var hasChanged = true;
        while (hasChanged)
        {
            hasChanged = false;
            for (var i = kept.Count - 1; i >= 0; i--)
            {
                var candidate = kept[i];
                kept.RemoveAt(i);
                if (MayGo(candidate, kept) && !Linearizability.HasOrder(kept, isBeginningKnown))
                {
                    hasChanged = true;
                }
                else
                {
                    kept.Insert(i, candidate);
                }
            }
        }

        return kept;
    }

    private static bool MayGo(Operation candidate, List<Operation> others) =>
        candidate.Kind == OperationKind.Read
        || !others.Any(other => other.Kind != OperationKind.Write && (other.Kind == OperationKind.Read ? other.Value : other.Expected) == candidate.Value);
}
