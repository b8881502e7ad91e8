using System.Globalization;

namespace LifeRaft.Cli;

/// <summary>How entries are shown.</summary>
internal static class KeyValueEntries
{
    private const int ShownCharacters = 60;

    /// <summary>The columns; in the table, long values are cut.</summary>
    public static Listing<KeyValueEntry> Listing(OutputFormat format) => new Listing<KeyValueEntry>()
        .Column("key", entry => TerminalText.Of(entry.Key))
        .Column("version", entry => Number(entry.Version), isRight: true)
        .Column("revision", entry => Number(entry.Revision), isRight: true)
        .Column("lease", entry => entry.Lease == 0 ? "-" : Number(entry.Lease), isRight: true, isWide: true)
        .Column("bytes", entry => Number(entry.Value.Length), isRight: true, isWide: true)
        .Column("value", entry => ByteText.Show(entry.Value.Span, format == OutputFormat.Wide ? int.MaxValue : ShownCharacters));

    /// <summary>An entry for programs.</summary>
    public static KeyValueDocument Document(KeyValueEntry entry) => new(
        entry.Key, ByteText.Of(entry.Value.Span), Convert.ToBase64String(entry.Value.Span), entry.Version, entry.Revision, entry.Lease == 0 ? null : entry.Lease);

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>An entry.</summary>
/// <param name="Key">The key.</param>
/// <param name="Value">The value, if it is UTF-8.</param>
/// <param name="ValueBase64">The value, whatever it is.</param>
/// <param name="Version">The key's version.</param>
/// <param name="Revision">When it was written.</param>
/// <param name="Lease">The lease with which it ends; null for none.</param>
internal sealed record KeyValueDocument(string Key, string? Value, string ValueBase64, long Version, long Revision, long? Lease);
