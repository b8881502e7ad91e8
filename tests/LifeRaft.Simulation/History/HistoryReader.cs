using System.Text.Json;

namespace LifeRaft.Simulation;

/// <summary>Reads a history, one JSON object a line.</summary>
internal static class HistoryReader
{
    public static List<HistoryEvent> Read(TextReader source)
    {
        var events = new List<HistoryEvent>();
        var number = 0;
        while (source.ReadLine() is { } line)
        {
            number++;
            if (!string.IsNullOrWhiteSpace(line))
            {
                events.Add(Parse(number, line));
            }
        }

        return events;
    }

    private static HistoryEvent Parse(int number, string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? Parse(number, document.RootElement)
                : throw new HistoryFormatException(number, "a JSON object is expected.");
        }
        catch (JsonException problem)
        {
            throw new HistoryFormatException(number, $"this is no JSON: {problem.Message}");
        }
    }

    private static HistoryEvent Parse(int number, JsonElement json)
    {
        var process = json.TryGetProperty("process", out var member) && member.ValueKind == JsonValueKind.Number && member.TryGetInt64(out var id)
            ? id
            : throw new HistoryFormatException(number, "\"process\" must be an integer.");
        var kind = Text(number, json, "type") switch
        {
            "invoke" => EventKind.Invoke,
            "ok" => EventKind.Ok,
            "fail" => EventKind.Fail,
            "info" => EventKind.Info,
            var other => throw new HistoryFormatException(number, $"\"type\" is \"{other}\"; it must be \"invoke\", \"ok\", \"fail\" or \"info\"."),
        };
        var operation = Text(number, json, "f") switch
        {
            "read" => OperationKind.Read,
            "write" => OperationKind.Write,
            "cas" => OperationKind.CompareAndSwap,
            var other => throw new HistoryFormatException(number, $"\"f\" is \"{other}\"; it must be \"read\", \"write\" or \"cas\"."),
        };
        var (expected, value) = Values(number, json, kind, operation);
        return new HistoryEvent(number, process, kind, operation, Text(number, json, "key"), value, expected);
    }

    private static string Text(int number, JsonElement json, string name) =>
        json.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.String
            ? member.GetString()!
            : throw new HistoryFormatException(number, $"\"{name}\" must be a string.");

    private static (string? Expected, string? Value) Values(int number, JsonElement json, EventKind kind, OperationKind operation)
    {
        var isNeeded = operation == OperationKind.Read ? kind == EventKind.Ok : kind == EventKind.Invoke;
        if (!json.TryGetProperty("value", out var value))
        {
            return isNeeded ? throw new HistoryFormatException(number, "\"value\" is missing.") : default;
        }

        if (operation != OperationKind.CompareAndSwap)
        {
            return (null, CanonicalValue.Of(value));
        }

        if (value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 2)
        {
            return (CanonicalValue.Of(value[0]), CanonicalValue.Of(value[1]));
        }

        return isNeeded ? throw new HistoryFormatException(number, "the \"value\" of a cas must be an array, [old, new].") : default;
    }
}
