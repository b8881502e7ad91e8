using System.Collections.Immutable;
using System.Globalization;

namespace LifeRaft;

/// <summary>Orleans' membership table at one moment: its rows and its version, which belong together.</summary>
/// <param name="Version">Rises by one with every row that is inserted or updated.</param>
/// <param name="ETag">Changes with the version, and is never the same twice.</param>
/// <param name="Rows">The rows by silo.</param>
internal sealed record MembershipTableState(int Version, long ETag, ImmutableSortedDictionary<string, MembershipRow> Rows)
{
    public static MembershipTableState Empty { get; } = new(0, 0, ImmutableSortedDictionary.Create<string, MembershipRow>(StringComparer.Ordinal));

    public TableVersion TableVersion => new(Version, Text(ETag));

    /// <summary>All of it, as Orleans reads it.</summary>
    public MembershipTableData ToData() => ToData(Rows.Values);

    /// <summary>One row, and the version of the table.</summary>
    public MembershipTableData ToData(SiloAddress silo) => ToData(Rows.TryGetValue(silo.ToParsableString(), out var row) ? [row] : []);

    public void Write(FieldWriter writer)
    {
        writer.Int32(Version).Int64(ETag).Int32(Rows.Count);
        foreach (var row in Rows.Values)
        {
            row.Write(writer);
        }
    }

    /// <exception cref="FormatException">The bytes are no table.</exception>
    public static MembershipTableState Read(ref FieldReader reader)
    {
        var (version, etag, count) = (reader.Int32(), reader.Int64(), reader.Count());
        var rows = Empty.Rows.ToBuilder();
        for (var i = 0; i < count; i++)
        {
            var row = MembershipRow.Read(ref reader);
            rows.Add(row.Silo, row);
        }

        return new MembershipTableState(version, etag, rows.ToImmutable());
    }

    /// <summary>An ETag as Orleans carries it.</summary>
    public static string Text(long etag) => etag.ToString(CultureInfo.InvariantCulture);

    /// <summary>The ETag that a text stands for; one that no row has when it stands for none.</summary>
    public static long ETagOf(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var etag) ? etag : -1;

    private MembershipTableData ToData(IEnumerable<MembershipRow> rows) =>
        new([.. rows.Select(row => Tuple.Create(row.ToEntry(), Text(row.ETag)))], TableVersion);
}
