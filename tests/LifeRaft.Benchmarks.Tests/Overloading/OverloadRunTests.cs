namespace LifeRaft.Benchmarks.Tests;

public sealed class OverloadRunTests
{
    [Fact]
    public void The_fewest_clients_saturate_that_are_as_good_as_the_best() =>
        Assert.Equal(256, OverloadRun.Saturating([(64, 40), (128, 80), (256, 96), (512, 100), (1024, 90)]));

    [Fact]
    public async Task A_client_that_is_refused_tries_again_and_only_what_was_accepted_is_timed()
    {
        var attempts = 0;
        var clients = new PatientClients(_ => ++attempts switch
        {
            1 or 3 => Task.FromException(new OverloadedException("too much")),
            2 => Task.FromException(new OutcomeUnknownException("who knows")),
            _ => Task.CompletedTask,
        });
        await clients.Ask(0);
        Assert.Equal((4, 2, 1), (attempts, clients.Refused, clients.Lost));
        Assert.True(clients.P99Us > 0);
    }

    [Fact]
    public async Task What_is_no_refusal_ends_the_measurement() =>
        await Assert.ThrowsAsync<InvalidRequestException>(() => new PatientClients(_ => throw new InvalidRequestException("too large")).Ask(0));

    [Fact]
    public void A_silo_is_told_its_bound_and_that_there_is_none()
    {
        foreach (var bound in new int?[] { 256, null })
        {
            var told = SiloSettings.Three("/tmp/none", "wal", mostPending: bound)[1];
            Assert.Equal(bound, SiloSettings.Parse(told.ToArguments()).MostPending);
        }
    }
}
