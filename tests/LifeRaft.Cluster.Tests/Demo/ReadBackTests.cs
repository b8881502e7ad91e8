using LifeRaft.Cli;

namespace LifeRaft.Cluster.Tests.Demo;

/// <summary>What the demo makes of a group that holds something else than its clients were told.</summary>
public sealed class ReadBackTests
{
    private const WriteOutcome Acknowledged = WriteOutcome.Acknowledged;
    private const WriteOutcome Unknown = WriteOutcome.Unknown;
    private const WriteOutcome Refused = WriteOutcome.Refused;

    [Fact]
    public void Acknowledged_writes_that_are_there_once_are_right_and_unknown_ones_may_be_there()
    {
        var figures = Compare([Acknowledged, Unknown, Unknown, Acknowledged], applied: 3, Entry(0), Entry(2), Entry(3));

        Assert.Empty(figures.Problems);
        Assert.Equal((2, 0, 0, 2, 1), (figures.Acknowledged, figures.Lost, figures.Duplicated, figures.Unknown, figures.UnknownApplied));
    }

    [Fact]
    public void An_acknowledged_write_that_is_missing_is_lost()
    {
        var figures = Compare([Acknowledged, Acknowledged], applied: 2, Entry(0));

        Assert.Equal((1, 0), (figures.Lost, figures.Duplicated));
        Assert.Contains("demo-00000001", Assert.Single(figures.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void An_acknowledged_write_with_the_value_of_another_is_lost()
    {
        var figures = Compare([Acknowledged], applied: 1, Entry(0) with { Value = WriteLedger.ValueOf(1) });

        Assert.Equal(1, figures.Lost);
        Assert.Single(figures.Problems);
    }

    [Fact]
    public void A_key_of_version_2_was_written_twice()
    {
        var figures = Compare([Acknowledged], applied: 2, Entry(0) with { Version = 2 });

        Assert.Equal((0, 1), (figures.Lost, figures.Duplicated));
        Assert.Equal(2, figures.Problems.Count);
    }

    [Fact]
    public void A_refused_write_was_applied_twice()
    {
        var figures = Compare([Refused], applied: 2, Entry(0));

        Assert.Equal(1, figures.Duplicated);
        Assert.Equal(2, figures.Problems.Count);
    }

    [Fact]
    public void A_second_application_that_left_no_trace_in_the_keys_is_seen_by_the_count()
    {
        var figures = Compare([Acknowledged, Unknown], applied: 2, Entry(0));

        Assert.Equal((0, 1), (figures.Lost, figures.Duplicated));
        Assert.Contains("has applied 2 commands instead of 1", Assert.Single(figures.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_that_nobody_wrote_is_wrong()
    {
        var figures = Compare([Acknowledged], applied: 1, Entry(0), Entry(7));

        Assert.Contains("demo-00000007", Assert.Single(figures.Problems), StringComparison.Ordinal);
    }

    private static KeyValueEntry Entry(int write) => new(WriteLedger.KeyOf(write), WriteLedger.ValueOf(write), Version: 1);

    private static DemoFigures Compare(WriteOutcome[] outcomes, long applied, params KeyValueEntry[] entries)
    {
        var figures = new DemoFigures();
        ReadBack.Compare(outcomes, entries.ToDictionary(entry => entry.Key), applied, figures);
        return figures;
    }
}
