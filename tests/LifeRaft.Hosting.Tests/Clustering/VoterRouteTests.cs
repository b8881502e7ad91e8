namespace LifeRaft.Hosting.Tests;

/// <summary>Whom a silo asks for the table when not everybody has it.</summary>
public sealed class VoterRouteTests
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData("silo-1")]
    [InlineData("silo-2")]
    [InlineData("silo-3")]
    public async Task A_voter_that_is_of_no_use_now_is_not_asked_for_ever(string useless)
    {
        var leader = useless == "silo-2" ? "silo-3" : "silo-2";
        var route = Route(voter => voter == useless ? new VoterReply(ReplyStatus.NotNow, "its node has stopped")
            : voter == leader ? new VoterReply(ReplyStatus.Done, "the table")
            : new VoterReply(ReplyStatus.NotLeader, leader));
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            Assert.Equal("the table", await Ask(route));
        }
    }

    [Fact]
    public async Task A_leader_that_cannot_serve_yet_is_found_again_through_those_that_follow_it()
    {
        var refusals = 3;
        var route = Route(voter => voter != "silo-2" ? new VoterReply(ReplyStatus.NotLeader, "silo-2")
            : refusals-- > 0 ? new VoterReply(ReplyStatus.NotNow, "waits for the others")
            : new VoterReply(ReplyStatus.Done, "the table"));
        Assert.Equal("the table", await Ask(route));
    }

    [Fact]
    public async Task A_leader_that_answered_and_is_of_no_use_any_more_is_left()
    {
        var leader = "silo-2";
        var route = Route(voter => voter == leader ? new VoterReply(ReplyStatus.Done, voter)
            : voter == "silo-2" ? new VoterReply(ReplyStatus.NotNow, "its node has stopped")
            : new VoterReply(ReplyStatus.NotLeader, leader));
        Assert.Equal("silo-2", await Ask(route));
        leader = "silo-3";
        Assert.Equal("silo-3", await Ask(route));
    }

    [Theory]
    [InlineData(ReplyStatus.Lost)]
    [InlineData(ReplyStatus.Unknown)]
    internal async Task A_request_that_may_have_been_done_is_not_called_refused_because_its_repetition_is(ReplyStatus first)
    {
        var asked = 0;
        var route = Route(_ => asked++ == 0 ? new VoterReply(first, "the connection was lost") : new VoterReply(ReplyStatus.Refused, "this silo knows no operation 9"));
        Assert.Contains("knows no operation 9", (await Assert.ThrowsAsync<OutcomeUnknownException>(() => Ask(route))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ReplyStatus.NotSent)]
    [InlineData(ReplyStatus.NotNow)]
    internal async Task A_request_that_was_not_done_before_it_was_refused_is_refused(ReplyStatus first)
    {
        var asked = 0;
        var route = Route(_ => asked++ == 0 ? new VoterReply(first, "not connected yet") : new VoterReply(ReplyStatus.Refused, "this silo knows no operation 9"));
        await Assert.ThrowsAsync<InvalidRequestException>(() => Ask(route));
    }

    private static VoterRoute Route(Func<string, VoterReply> answer) =>
        new([new Link("silo-1", answer), new Link("silo-2", answer), new Link("silo-3", answer)], TimeProvider.System);

    private static async Task<string> Ask(VoterRoute route) =>
        System.Text.Encoding.UTF8.GetString((await route.Ask(_ => new VoterRequest(VoterOperation.Query), _patience, TestContext.Current.CancellationToken)).Span);

    private sealed class Link(string voter, Func<string, VoterReply> answer) : IVoterLink
    {
        public string Voter => voter;

        public string Problem => "";

        public Task<VoterReply> Ask(VoterRequest request, CancellationToken cancellationToken) => Task.FromResult(answer(voter));
    }
}
