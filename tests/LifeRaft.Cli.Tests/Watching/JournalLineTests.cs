using LifeRaft.Protocol;

namespace LifeRaft.Cli.Tests.Watching;

public sealed class JournalLineTests
{
    private static readonly JournalEntry _entry = new()
    {
        At = Reports.Now,
        Silo = "silo-1",
        Kind = JournalKind.LeaderElected,
        Group = "kv/default",
        Node = "1@silo-1",
        Term = new Term(4),
        Text = "Leads term 4.",
    };

    private static readonly string _time = $"{Reports.Now.ToLocalTime():HH:mm:ss}.000";

    [Fact]
    public void A_node_says_where_in_which_group_and_what() => Assert.Equal($"{_time}  1@silo-1    kv/default      Leads term 4.", JournalLine.Of(_entry, OutputFormat.Table));

    [Fact]
    public void A_silo_has_no_group() =>
        Assert.Equal($"{_time}  silo-1      -               It starts.", JournalLine.Of(_entry with { Group = "", Node = "", Text = "It starts." }, OutputFormat.Table));

    [Fact]
    public void Wide_has_the_date_and_the_kind() => Assert.Equal($"{Reports.Now.ToLocalTime():yyyy-MM-dd} {_time}  1@silo-1    kv/default      LeaderElected      Leads term 4.", JournalLine.Of(_entry, OutputFormat.Wide));
}
