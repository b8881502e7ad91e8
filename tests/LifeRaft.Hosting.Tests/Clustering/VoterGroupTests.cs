using System.Net;
using System.Net.Sockets;
using System.Text;

namespace LifeRaft.Hosting.Tests;

/// <summary>How voters find together, what they survive, and whom they do not let in.</summary>
public sealed class VoterGroupTests
{
    [Fact]
    public async Task Nothing_is_founded_while_a_voter_is_missing()
    {
        await using var bench = new VoterBench();
        var silo = await bench.Begin("silo-1");
        await bench.Begin("silo-2");
        await bench.Hears("silo-1", "waits for 'silo-3'");
        await bench.Hears("silo-2", "waits for 'silo-3'");
        Assert.True((await silo.Voter!.Look()).IsBlank);

        await bench.Start("silo-3");
        await bench.HasTable("silo-1");
        await bench.HasTable("silo-2");
    }

    [Fact]
    public async Task The_table_survives_the_loss_of_the_voter_that_leads()
    {
        await using var bench = await VoterBench.Start();
        var written = await bench.Insert("silo-1", 1);
        var leader = await bench.Leader();
        await bench.Stop(leader);

        var other = bench.Voters.Keys.First(silo => silo != leader);
        Assert.Equal(written, await bench.Version(other));
        await bench.Insert(other, 2);

        await bench.Start(leader);
        Assert.Equal(written + 1, await bench.Version(leader));
        await bench.AllVote();
    }

    [Fact]
    public async Task Without_a_majority_nothing_is_read_or_written_and_the_error_says_for_whom_it_waits()
    {
        await using var bench = await VoterBench.Start();
        await bench.Insert("silo-1", 1);
        await bench.Stop("silo-2", "silo-3");
        var impatient = await bench.Begin("not-a-voter", configure: options => options.RequestTimeout = TimeSpan.FromSeconds(2));
        var failure = await Assert.ThrowsAsync<GroupUnavailableException>(() => impatient.Table.ReadAllAsync());
        Assert.Contains("'silo-2'", failure.Message, StringComparison.Ordinal);
        Assert.Contains("majority of the 3 voters", failure.Message, StringComparison.Ordinal);

        await bench.Start("silo-3");
        Assert.Equal(1, await bench.Version("not-a-voter"));
    }

    [Fact]
    public async Task All_voters_that_were_stopped_come_back_with_the_table()
    {
        await using var bench = await VoterBench.Start();
        await bench.Insert("silo-2", 1);
        await bench.Stop("silo-1", "silo-2", "silo-3");
        await bench.Start("silo-1", "silo-2", "silo-3");
        Assert.Equal(1, await bench.Version("silo-3"));
        Assert.Single(bench.Said, line => line.Contains("founds the group", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_voter_that_has_lost_its_disk_is_admitted_anew_as_another_member()
    {
        await using var bench = await VoterBench.Start();
        await bench.Insert("silo-1", 1);
        await bench.AllVote();
        foreach (var silo in bench.Voters.Keys)
        {
            var member = await bench[silo].Member();
            await bench.Stop(silo);
            bench.Wipe(silo);
            await bench.Start(silo);
            await bench.AllVote();
            Assert.NotEqual(member, await bench[silo].Member());
            Assert.Equal(1, await bench.Version(silo));
        }

        Assert.Single(bench.Said, line => line.Contains("founds the group", StringComparison.Ordinal));
    }

    [Fact]
    public async Task When_two_of_three_have_lost_their_disks_nothing_is_founded_and_it_is_said()
    {
        await using var bench = await VoterBench.Start();
        await bench.Insert("silo-1", 1);
        await bench.AllVote();
        await bench.Stop("silo-1", "silo-2", "silo-3");
        bench.Wipe("silo-1");
        bench.Wipe("silo-2");
        foreach (var silo in bench.Voters.Keys)
        {
            await bench.Begin(silo);
        }

        await bench.Hears("silo-1", "The majority has lost its disks");
        await bench.Hears("silo-2", "The majority has lost its disks");
        await bench.Hears("silo-3", "blank: silo-1, silo-2. The majority has lost its disks");
        Assert.True((await bench["silo-1"].Voter!.Look()).IsBlank);
        Assert.True((await bench["silo-2"].Voter!.Look()).IsBlank);
        Assert.Single(bench.Said, line => line.Contains("founds the group", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Two_blank_voters_found_nothing_while_the_one_that_knows_a_group_is_down()
    {
        await using var bench = await VoterBench.Start();
        await bench.Stop("silo-1", "silo-2", "silo-3");
        bench.Wipe("silo-1");
        bench.Wipe("silo-2");
        await bench.Begin("silo-1");
        await bench.Begin("silo-2");
        await bench.Hears("silo-1", "is blank, as are all that answer, and waits for 'silo-3'");
        Assert.True((await bench["silo-1"].Voter!.Look()).IsBlank);
    }

    [Fact]
    public async Task Voters_that_are_configured_differently_found_nothing()
    {
        await using var bench = new VoterBench();
        await bench.Begin("silo-1");
        await bench.Begin("silo-2", configure: options =>
        {
            options.Voters.Remove("silo-3");
            options.Voters["silo-4"] = bench.Voters["silo-3"];
        });
        await bench.Begin("silo-3");
        await bench.Hears("silo-1", "those of 'silo-2' silo-1, silo-2, silo-4. Configure all silos alike");
        Assert.DoesNotContain(bench.Said, line => line.Contains("founds the group", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_silo_of_another_cluster_is_refused_and_both_say_why()
    {
        await using var bench = await VoterBench.Start();
        var stranger = await bench.Begin("not-a-voter", cluster: "another", options => options.RequestTimeout = TimeSpan.FromSeconds(1));
        await bench.Hears("not-a-voter", "'not-a-voter' is of cluster 'another', but 'silo-1' is of cluster 'bench'");
        await bench.Hears("silo-1", "'not-a-voter' is of cluster 'another'");
        await Assert.ThrowsAsync<GroupUnavailableException>(() => stranger.Table.ReadAllAsync());
    }

    [Fact]
    public async Task An_endpoint_that_leads_to_another_voter_is_found_out()
    {
        await using var bench = await VoterBench.Start();
        await bench.Begin("not-a-voter", configure: options => options.Voters["silo-1"] = bench.Voters["silo-2"]);
        await bench.Hears("not-a-voter", "expects 'silo-1' at");
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: silo-1\r\n\r\n", "does not speak LifeRaft's clustering protocol")]
    [InlineData("LIFERAFT\u0007\0\0\0\0 later", "speaks version 7")]
    [InlineData("LIFERAFT\u0001\u007f\0\0\0 much", "at most 2048 bytes")]
    public async Task Who_speaks_otherwise_is_hung_up_on_and_the_voter_goes_on(string words, string said)
    {
        await using var bench = await VoterBench.Start(voters: 1);
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPEndPoint.Parse(bench.Voters["silo-1"]), TestContext.Current.CancellationToken);
        await socket.SendAsync(Encoding.Latin1.GetBytes(words), TestContext.Current.CancellationToken);
        Assert.True(await Ends(socket));
        await bench.Hears("silo-1", said);
        await bench.Insert("silo-1", 1);
    }

    [Fact]
    public async Task A_voter_is_replaced_by_another_silo_when_the_configuration_says_so()
    {
        await using var bench = await VoterBench.Start();
        await bench.Insert("silo-1", 1);
        await bench.AllVote();
        await bench.Stop("silo-3");
        bench.Voters["silo-4"] = bench.Voters["silo-3"];
        bench.Voters.Remove("silo-3");
        foreach (var silo in new[] { "silo-1", "silo-2" })
        {
            await bench.Stop(silo);
            await bench.Begin(silo);
        }

        await bench.Start("silo-4");
        await bench.AllVote();
        Assert.Equal(["silo-1", "silo-2", "silo-4"], (await bench["silo-4"].Voter!.Look()).Members.Order());
        Assert.Equal(1, await bench.Version("silo-4"));
    }

    [Fact]
    public async Task A_voter_whose_port_is_taken_does_not_start_and_says_what_to_do()
    {
        await using var bench = new VoterBench(voters: 1);
        using var taken = new TcpListener(IPEndPoint.Parse(bench.Voters["silo-1"]));
        taken.Start();
        var failure = await Assert.ThrowsAnyAsync<Exception>(() => bench.Begin("silo-1"));
        Assert.Contains("must name an address of this machine and a free port", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_resets_the_connection_at_once_costs_the_voter_nothing()
    {
        await using var bench = await VoterBench.Start(voters: 1);
        for (var number = 1; number <= 200; number++)
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { LingerState = new LingerOption(enable: true, seconds: 0) };
            await socket.ConnectAsync(IPEndPoint.Parse(bench.Voters["silo-1"]), TestContext.Current.CancellationToken);
        }

        await bench.Insert("silo-1", 1);
    }

    /// <summary>Whether the other side hangs up, in order or not.</summary>
    private static async Task<bool> Ends(Socket socket)
    {
        try
        {
            return await socket.ReceiveAsync(new byte[1], TestContext.Current.CancellationToken) == 0;
        }
        catch (SocketException)
        {
            return true;
        }
    }
}
