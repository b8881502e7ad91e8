using LifeRaft.Hosting;

namespace LifeRaft.Cli.Tests.Output;

public sealed class FailuresTests
{
    public static TheoryData<Exception, int> Known => new()
    {
        { new MisuseException("m"), 2 },
        { new InvalidNameException("m"), 2 },
        { new UnreachableException("m"), 3 },
        { new GroupUnavailableException("m"), 4 },
        { new OutcomeUnknownException("m"), 5 },
        { new GroupNotFoundException("m"), 1 },
        { new InvalidRequestException("m"), 1 },
        { new MembershipException("m"), 1 },
        { new LogStoreException("m"), 1 },
        { new IOException("m"), 1 },
    };

    [Theory]
    [MemberData(nameof(Known), DisableDiscoveryEnumeration = true)]
    public void Each_kind_has_its_exit_code_and_its_own_words(Exception failure, int code) => Assert.Equal((code, "m"), Failures.Explain(failure));

    [Fact]
    public void What_nobody_foresaw_is_not_explained_away() => Assert.Null(Failures.Explain(new InvalidOperationException("m")));
}
