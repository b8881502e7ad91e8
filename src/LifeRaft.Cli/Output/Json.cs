using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace LifeRaft.Cli;

/// <summary>
/// JSON for programs: camel case, enumerations as words, nothing left out. Durations are numbers of milliseconds whose names end in
/// <c>Ms</c>, times are ISO 8601 in UTC, bytes are Base64 and named so. Fields are added and never renamed.
/// </summary>
internal static class Json
{
    private static readonly JsonSerializerOptions _lines = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    private static readonly JsonSerializerOptions _document = new(_lines) { WriteIndented = true };

    /// <summary>One document.</summary>
    public static void Write(TextWriter output, object document) => output.WriteLine(JsonSerializer.Serialize(document, _document));

    /// <summary>One of many documents, each on a line of its own.</summary>
    public static void WriteLine(TextWriter output, object document)
    {
        output.WriteLine(JsonSerializer.Serialize(document, _lines));
        output.Flush();
    }
}
