namespace LifeRaft.Simulation;

/// <summary>Finds the operations of a history: an invocation and its completion, if there is one.</summary>
internal static class OperationPairing
{
    /// <summary>
    /// The operations, by the line of their invocation. Those that failed had no effect, and reads of unknown outcome say nothing:
    /// neither is among them.
    /// </summary>
    public static List<Operation> Pair(IEnumerable<HistoryEvent> events)
    {
        var open = new Dictionary<long, HistoryEvent>();
        var operations = new List<Operation>();
        foreach (var one in events)
        {
            if (one.Kind == EventKind.Invoke)
            {
                if (!open.TryAdd(one.Process, one))
                {
                    throw new HistoryFormatException(one.Line, $"process {one.Process} begins an operation, but the one of line {open[one.Process].Line} is open.");
                }

                continue;
            }

            if (!open.Remove(one.Process, out var invoked))
            {
                throw new HistoryFormatException(one.Line, $"process {one.Process} completes an operation, but none is open.");
            }

            RequireSame(invoked, one);
            Add(operations, invoked, one);
        }

        foreach (var invoked in open.Values)
        {
            Add(operations, invoked, invoked with { Kind = EventKind.Info });
        }

        operations.Sort(static (left, right) => left.Invoked.CompareTo(right.Invoked));
        return operations;
    }

    private static void RequireSame(HistoryEvent invoked, HistoryEvent completed)
    {
        if (invoked.Operation != completed.Operation || invoked.Key != completed.Key)
        {
            throw new HistoryFormatException(completed.Line, $"process {completed.Process} completes another operation than it began in line {invoked.Line}.");
        }

        var differs = completed is { Kind: EventKind.Ok, Operation: not OperationKind.Read } && completed.Value is not null && completed.Value != invoked.Value;
        if (differs)
        {
            throw new HistoryFormatException(completed.Line, $"process {completed.Process} completes with another value than it began with in line {invoked.Line}.");
        }
    }

    private static void Add(List<Operation> operations, HistoryEvent invoked, HistoryEvent completed)
    {
        var isRead = invoked.Operation == OperationKind.Read;
        if (completed.Kind == EventKind.Fail || (isRead && completed.Kind == EventKind.Info))
        {
            return;
        }

        operations.Add(new Operation(
            invoked.Process,
            invoked.Operation,
            invoked.Key,
            isRead ? completed.Value : invoked.Value,
            invoked.Expected,
            invoked.Line,
            completed.Kind == EventKind.Ok ? completed.Line : Operation.Never));
    }
}
