namespace LifeRaft.Cli.Tests.Watching;

public sealed class JournalNewsTests
{
    private static readonly DateTimeOffset _begin = Reports.Now;

    [Fact]
    public void What_a_silo_remembers_is_not_new_also_when_it_comes_late()
    {
        var news = new JournalNews(_begin);
        Assert.Empty(news.Of([Entry("silo-1", 1, -60)]));
        Assert.Equal([2, 8], news.Of([Entry("silo-2", 7, -30), Entry("silo-1", 2, 1), Entry("silo-2", 8, 2)]).Select(entry => entry.Number));
    }

    [Fact]
    public void What_comes_after_is_new_also_if_the_clock_of_the_silo_is_behind()
    {
        var news = new JournalNews(_begin);
        Assert.Empty(news.Of([Entry("silo-1", 1, -120)]));
        Assert.Equal([2], news.Of([Entry("silo-1", 2, -60)]).Select(entry => entry.Number));
    }

    private static JournalEntry Entry(string silo, long number, int second) =>
        new() { Silo = silo, Number = number, At = _begin + TimeSpan.FromSeconds(second), Text = "something" };
}
