namespace LifeRaft.Cli;

/// <summary>
/// Tells what is new from what a silo remembers. The first that is heard of a silo is all that it remembers, whenever that comes: one that
/// was too slow for the first page is in a later one. What comes after is new whatever its clock says.
/// </summary>
/// <param name="oldest">What happened before is not new.</param>
internal sealed class JournalNews(DateTimeOffset oldest)
{
    private readonly HashSet<string> _heard = [];

    /// <summary>What is new on a page, the pages being given in their order.</summary>
    public IReadOnlyList<JournalEntry> Of(IReadOnlyList<JournalEntry> page)
    {
        var news = page.Where(entry => _heard.Contains(entry.Silo) || entry.At >= oldest).ToList();
        _heard.UnionWith(page.Select(entry => entry.Silo));
        return news;
    }
}
