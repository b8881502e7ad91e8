namespace LifeRaft.Benchmarks.Tests;

public sealed class MicroGroupTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(64)]
    public void What_is_proposed_is_committed_and_applied(int commands)
    {
        var group = new MicroGroup();
        var first = group.Commit(commands, new byte[256]);
        Assert.Equal(first + commands, group.Commit(commands, new byte[256]));
    }
}
