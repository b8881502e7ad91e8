using System.CommandLine;

namespace LifeRaft.Cli;

/// <summary>The command <c>check quorum-critical</c>: whether a silo may be stopped without taking a group's quorum with it.</summary>
internal static class QuorumCriticalCheck
{
    private static readonly Argument<string> _silo = new("silo") { Description = "The silo's name, as 'liferaft silo list' shows it." };

    public static Command Create()
    {
        var command = new Command("quorum-critical", "Whether a silo may be stopped: exit code 1 if a group, or the membership of the silos, would lose its quorum with it.") { _silo };
        command.Runs(async run =>
        {
            await using var connection = await run.Connect();
            var silo = run.Get(_silo)!;
            var report = await connection.Operations().Look(run.CancellationToken);
            if (!report.Silos.Any(known => known.Name == silo) && !report.Silent.Any(known => known.Name == silo))
            {
                await run.Error.WriteLineAsync($"No silo named '{silo}' is known. Known are: {string.Join(", ", SiloRow.All(report).Select(known => known.Name))}.");
                return ExitCodes.Failed;
            }

            var critical = report.CriticalWithout(silo).Select(group => group.Name).ToList();
            var membership = report.IsMembershipCriticalWithout(silo);
            var lost = report.Groups.Where(group => group.CanLose < 0).Select(group => group.Name).ToList();
            var isCritical = membership || critical.Count > 0;
            run.Write(new { silo, isCritical, groups = critical, membership, withoutQuorum = lost }, Sentence(silo, critical, membership, lost));
            return isCritical ? ExitCodes.Failed : ExitCodes.Done;
        });
        return command;
    }

    private static string Sentence(string silo, List<string> critical, bool membership, List<string> lost)
    {
        List<string> losses = critical.Count > 0 ? [$"{Figures.Count(critical.Count, "group")} would lose the quorum: {string.Join(", ", critical)}"] : [];
        if (membership)
        {
            losses.Add("the silos' membership would lose its quorum: none could join, leave or be evicted");
        }

        var verdict = losses.Count > 0
            ? $"{silo} is critical: without it {string.Join("; ", losses)}. Do not stop it."
            : $"{silo} is not critical: no group would lose its quorum without it.";
        return lost.Count > 0 ? $"{verdict} Without a quorum already: {string.Join(", ", lost)}." : verdict;
    }
}
