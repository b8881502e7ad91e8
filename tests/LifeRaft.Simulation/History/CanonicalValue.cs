using System.Globalization;
using System.Text.Json;

namespace LifeRaft.Simulation;

/// <summary>Equal JSON values as equal texts, whatever their spelling: <c>1.0</c> is <c>1</c>.</summary>
internal static class CanonicalValue
{
    public static string? Of(JsonElement value) => value.ValueKind == JsonValueKind.Null ? null : Text(value);

    private static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => Number(value),
        JsonValueKind.String => JsonSerializer.Serialize(value.GetString()),
        JsonValueKind.Array => $"[{string.Join(',', value.EnumerateArray().Select(Text))}]",
        JsonValueKind.Object => $"{{{string.Join(',', value.EnumerateObject().OrderBy(member => member.Name, StringComparer.Ordinal).Select(member => $"{JsonSerializer.Serialize(member.Name)}:{Text(member.Value)}"))}}}",
        _ => value.GetRawText(),
    };

    private static string Number(JsonElement value) =>
        value.TryGetInt64(out var whole) ? whole.ToString(CultureInfo.InvariantCulture)
        : value.TryGetDecimal(out var exact) ? (exact / 1.0000000000000000000000000000m).ToString(CultureInfo.InvariantCulture)
        : value.GetRawText();
}
