namespace LifeRaft.Benchmarks.Tests;

public sealed class BenchmarkCommandsTests
{
    [Theory]
    [InlineData("compare")]
    [InlineData("leadership")]
    [InlineData("groups")]
    [InlineData("recovery")]
    [InlineData("overload")]
    [InlineData("overload --clients 256 --seconds 5 --rounds 1")]
    [InlineData("micro")]
    [InlineData("compare --workloads write --value-bytes 16 256 --clients 1 64")]
    public void What_is_not_said_is_as_it_is_by_default(string line) => Assert.Empty(BenchmarkCommands.Create().Parse(line).Errors);

    [Theory]
    [InlineData("compare --rounds 0")]
    [InlineData("compare --seconds 0")]
    [InlineData("compare --clients 64 0")]
    [InlineData("compare --value-bytes 7")]
    [InlineData("compare --systems etcd oracle")]
    [InlineData("compare --workloads writ")]
    [InlineData("recovery --megabytes 0")]
    [InlineData("groups --groups 0")]
    [InlineData("overload --clients 0")]
    public void What_cannot_be_measured_is_refused(string line) => Assert.Single(BenchmarkCommands.Create().Parse(line).Errors);
}
