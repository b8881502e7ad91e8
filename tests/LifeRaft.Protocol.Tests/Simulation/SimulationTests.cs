using System.Globalization;
using Xunit;

namespace LifeRaft.Protocol.Tests.Simulation;

/// <summary>
/// Raft-scenarios 66 for the protocol alone. More seeds: <c>LIFERAFT_SEEDS=1000</c>, from another first one:
/// <c>LIFERAFT_FIRST_SEED=7</c>.
/// </summary>
public sealed class SimulationTests(ITestOutputHelper output)
{
    [Fact]
    public void A_group_in_a_bad_world_keeps_its_promises_and_agrees_when_the_world_gets_better()
    {
        var (first, count) = (Setting("LIFERAFT_FIRST_SEED", 1), Setting("LIFERAFT_SEEDS", 60));
        var total = new Figures();
        for (var seed = first; seed < first + count; seed++)
        {
            var simulation = new Simulation(seed);
            try
            {
                simulation.Run(TimeSpan.FromSeconds(20));
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"Seed {seed} failed: {failure.Message} Repeat it with LIFERAFT_FIRST_SEED={seed} LIFERAFT_SEEDS=1.", failure);
            }

            total.Add(simulation.Figures);
        }

        output.WriteLine($"{count} seeds from {first}: {total}");
        Assert.True(total.Elections >= 5 * count, $"{total}");
        Assert.True(total.Truncations >= count, $"{total}");
        Assert.True(total.MembershipChanges >= count, $"{total}");
        Assert.True(total.Transfers >= count / 2, $"{total}");
        Assert.True(total.Crashes >= 3 * count, $"{total}");
        Assert.True(total.Writes >= 100 * count, $"{total}");
        Assert.True(total.Reads >= 20 * count, $"{total}");
    }

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : otherwise;
}
