namespace LifeRaft.Protocol.Tests.Harness;

/// <summary>The one clock of a test. It moves when the test says so.</summary>
internal sealed class TestClock
{
    public TimeSpan Now { get; set; } = TimeSpan.FromSeconds(1);
}
