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
    public void A_silo_that_went_away_with_a_request_leaves_its_outcome_unknown()
    {
        Assert.Equal(5, Failures.Explain(new SiloUnavailableException("m"))!.Value.Code);
        Assert.Equal(5, Failures.Explain(new OrleansException("m"))!.Value.Code);
        Assert.Equal(1, Failures.Explain(new GatewayTooBusyException("m"))!.Value.Code);
    }

    [Fact]
    public async Task So_does_a_change_that_was_asked_of_one_node_and_a_read_has_failed()
    {
        static Task<int> Lost() => Task.FromException<int>(new SiloUnavailableException("the silo is gone."));
        var read = await Assert.ThrowsAsync<NodeUnavailableException>(() => DirectRequest.Read("1@silo-a", Lost));
        Assert.StartsWith("The silo of 1@silo-a went away before it answered (the silo is gone).", read.Message, StringComparison.Ordinal);
        var change = await Assert.ThrowsAsync<OutcomeUnknownException>(() => DirectRequest.Change("1@silo-a", "The snapshot", Lost));
        Assert.StartsWith("The snapshot may or may not have been carried out: the silo of 1@silo-a went away", change.Message, StringComparison.Ordinal);
        Assert.Equal((1, 5), (Failures.Explain(read)!.Value.Code, Failures.Explain(change)!.Value.Code));
    }

    [Fact]
    public void What_nobody_foresaw_is_not_explained_away() => Assert.Null(Failures.Explain(new InvalidOperationException("m")));
}
