namespace LifeRaft;

/// <summary>What somebody who misspelt a name probably meant.</summary>
internal static class NearestName
{
    /// <summary>The name that takes the fewest insertions, deletions and replacements of letters; the first of several.</summary>
    public static string To(string text, IEnumerable<string> names) =>
        names.MinBy(name => Distance(text.ToUpperInvariant(), name.ToUpperInvariant()))!;

    // Levenshtein's distance with one row of its table: row[j] is the distance from what was read of the text to j letters of the name.
    private static int Distance(string text, string name)
    {
        var row = Enumerable.Range(0, name.Length + 1).ToArray();
        for (var i = 1; i <= text.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= name.Length; j++)
            {
                var replaced = diagonal + (text[i - 1] == name[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[name.Length];
    }
}
