using LifeRaft.Simulation;

namespace LifeRaft.Simulation.Tests;

/// <summary>Histories by hand, and histories of a register that really is atomic.</summary>
internal static class Histories
{
    public static List<HistoryEvent> Parse(string lines) => HistoryReader.Read(new StringReader(lines));

    /// <summary>
    /// One line per event, for instance <c>1 invoke write x 5</c>, <c>2 ok read x null</c> or <c>3 invoke cas x 5 6</c>.
    /// </summary>
    public static List<HistoryEvent> Short(params string[] lines) => Parse(string.Join('\n', lines.Select(Json)));

    /// <summary>Processes that work on registers which change at one moment between invocation and completion.</summary>
    public static List<HistoryEvent> OfAtomicRegisters(int operations, int processes, int keys, double unknown, int seed)
    {
        var random = new Random(seed);
        var registers = new string?[keys];
        var open = new (HistoryEvent Invoked, bool IsDone, string? Result, bool Failed)?[processes];
        var names = Enumerable.Range(0, processes).Select(process => (long)process).ToArray();
        var history = new List<HistoryEvent>();
        var begun = 0;
        while (begun < operations || open.Any(one => one is not null))
        {
            var process = random.Next(processes);
            if (open[process] is not { } work)
            {
                if (begun < operations)
                {
                    open[process] = (Add(history, Invoke(random, names[process], registers, begun++)), false, null, false);
                }
            }
            else if (!work.IsDone)
            {
                open[process] = Perform(work.Invoked, registers);
            }
            else
            {
                var isUnknown = random.NextDouble() < unknown;
                Add(history, work.Invoked with
                {
                    Kind = isUnknown ? EventKind.Info : work.Failed ? EventKind.Fail : EventKind.Ok,
                    Value = work.Invoked.Operation == OperationKind.Read ? work.Result : work.Invoked.Value,
                });
                names[process] += isUnknown ? processes : 0;
                open[process] = null;
            }
        }

        return history;
    }

    private static HistoryEvent Add(List<HistoryEvent> history, HistoryEvent one)
    {
        history.Add(one with { Line = history.Count + 1 });
        return history[^1];
    }

    private static HistoryEvent Invoke(Random random, long process, string?[] registers, int number)
    {
        var key = random.Next(registers.Length);
        var kind = (OperationKind)random.Next(3);
        var value = kind == OperationKind.Read ? null : $"{number + 1}";
        return new HistoryEvent(0, process, EventKind.Invoke, kind, $"{key}", value, kind == OperationKind.CompareAndSwap ? registers[key] : null);
    }

    private static (HistoryEvent Invoked, bool IsDone, string? Result, bool Failed) Perform(HistoryEvent invoked, string?[] registers)
    {
        ref var register = ref registers[int.Parse(invoked.Key, System.Globalization.CultureInfo.InvariantCulture)];
        var failed = invoked.Operation == OperationKind.CompareAndSwap && invoked.Expected != register;
        if (invoked.Operation != OperationKind.Read && !failed)
        {
            register = invoked.Value;
        }

        return (invoked, true, register, failed);
    }

    private static string Json(string line)
    {
        var parts = line.Split(' ');
        var value = parts.Length > 5 ? $"[{parts[4]},{parts[5]}]" : parts.Length > 4 ? parts[4] : "null";
        return $$"""{"process":{{parts[0]}},"type":"{{parts[1]}}","f":"{{parts[2]}}","key":"{{parts[3]}}","value":{{value}}}""";
    }
}
