using System.Text.Json;

namespace LifeRaft.Simulation;

/// <summary>Writes a history as <see cref="HistoryReader"/> reads it.</summary>
internal static class HistoryWriter
{
    public static void Write(TextWriter target, IEnumerable<HistoryEvent> events)
    {
        foreach (var one in events)
        {
            target.WriteLine(Line(one));
        }
    }

    public static string Line(HistoryEvent one)
    {
        var kind = one.Kind switch
        {
            EventKind.Invoke => "invoke",
            EventKind.Ok => "ok",
            EventKind.Fail => "fail",
            _ => "info",
        };
        var (operation, value) = one.Operation switch
        {
            OperationKind.Read => ("read", one.Value ?? "null"),
            OperationKind.Write => ("write", one.Value ?? "null"),
            _ => ("cas", $"[{one.Expected ?? "null"},{one.Value ?? "null"}]"),
        };
        return $$"""{"process":{{one.Process}},"type":"{{kind}}","f":"{{operation}}","key":{{JsonSerializer.Serialize(one.Key)}},"value":{{value}}}""";
    }
}
