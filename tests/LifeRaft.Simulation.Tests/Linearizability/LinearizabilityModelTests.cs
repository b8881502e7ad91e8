using CsCheck;
using LifeRaft.Simulation;

namespace LifeRaft.Simulation.Tests;

/// <summary>The search against one that tries every order and knows no trick, on thousands of small histories, good and bad.</summary>
public sealed class LinearizabilityModelTests
{
    private static readonly Gen<int[]> _choices = Gen.Int[0, 9999].Array[4, 40];

    [Fact]
    public void The_search_agrees_with_trying_every_order()
    {
        int good = 0, bad = 0;
        _choices.Sample(
            choices =>
            {
                var history = Arbitrary(choices);
                var expected = HasOrder([.. OperationPairing.Pair(history)], null);
                var verdict = Linearizability.Check(history);
                Interlocked.Increment(ref expected ? ref good : ref bad);
                return verdict.IsLinearizable == expected
                    && (expected || !HasOrderFromAnything([.. verdict.Window], verdict.MayBeginAnyhow));
            },
            iter: 20_000,
            threads: 1,
            print: choices => string.Join('\n', Arbitrary(choices).Select(HistoryWriter.Line)));
        Assert.True(good > 2_000 && bad > 2_000, $"{good} good and {bad} bad histories are too one-sided.");
    }

    /// <summary>Few values, so that they repeat; outcomes that need not make sense.</summary>
    private static List<HistoryEvent> Arbitrary(int[] choices)
    {
        var open = new Dictionary<long, HistoryEvent>();
        var history = new List<HistoryEvent>();
        var begun = 0;
        foreach (var choice in choices)
        {
            var process = (long)(choice % 3);
            var rest = choice / 3;
            if (open.Remove(process, out var invoked))
            {
                var kind = (rest % 8) switch { 0 => EventKind.Fail, 1 => EventKind.Info, _ => EventKind.Ok };
                var value = invoked.Operation == OperationKind.Read ? Value(rest / 8) : invoked.Value;
                history.Add(invoked with { Kind = kind, Value = value, Line = history.Count + 1 });
            }
            else if (begun++ < 7)
            {
                var operation = (OperationKind)(rest % 3);
                var one = new HistoryEvent(
                    history.Count + 1, process, EventKind.Invoke, operation, "x",
                    operation == OperationKind.Read ? null : Value(rest / 3),
                    operation == OperationKind.CompareAndSwap ? Value(rest / 12) : null);
                history.Add(one);
                open.Add(process, one);
            }
        }

        return history;
    }

    private static string? Value(int choice) => (choice % 4) switch { 0 => null, var value => $"{value}" };

    private static bool HasOrderFromAnything(List<Operation> operations, bool mayBeginAnyhow) =>
        HasOrder([.. operations], null)
        || (mayBeginAnyhow && Enumerable.Range(1, 4).Any(value => HasOrder([.. operations], $"{value}")));

    private static bool HasOrder(List<Operation> left, string? state)
    {
        if (left.All(operation => !operation.IsCertain))
        {
            return true;
        }

        var firstCompletion = left.Min(operation => operation.Completed);
        foreach (var next in left.Where(operation => operation.Invoked < firstCompletion).ToList())
        {
            var isPossible = next.Kind == OperationKind.Write || (next.Kind == OperationKind.Read ? next.Value : next.Expected) == state;
            if (isPossible && HasOrder([.. left.Where(operation => operation != next)], next.Value))
            {
                return true;
            }
        }

        return false;
    }
}
