using LifeRaft.Protocol;

namespace LifeRaft.Simulation;

/// <summary>Liveness: when the faults have stopped, everybody agrees, those who left have ended, and clients are served.</summary>
internal sealed class ConvergenceJudge(World world)
{
    /// <summary>What is still missing, or null when all agree.</summary>
    public string? Missing()
    {
        if (world.Leader is not { } leader)
        {
            return "nobody leads";
        }

        var configuration = leader.Node.Configuration;
        if (configuration.IsJoint)
        {
            return $"{leader.Host} is between two configurations: {configuration}";
        }

        foreach (var host in world.Hosts)
        {
            var member = configuration.Everyone.FirstOrDefault(member => member.Endpoint == host.Endpoint);
            var missing = member is null ? MissingOfStranger(host, configuration) : MissingOfMember(host, member, leader);
            if (missing is not null)
            {
                return missing;
            }
        }

        return null;
    }

    private static string? MissingOfMember(Host host, Member member, Activation leader)
    {
        if (host.Active is not { Pump.IsOver: false } active || active.Node.Identity.Member != member.Id)
        {
            return $"{host} does not run {member}";
        }

        var (own, leading) = (active.Node.Status(), leader.Node.Status());
        return own.Last != leading.Last || own.Commit != leading.Last || own.Applied != leading.Last
            ? $"{host} has last {own.Last}, commit {own.Commit}, applied {own.Applied}; {leader.Host} has last {leading.Last}, commit {leading.Commit}"
            : active.Pump.State.Sessions != leader.Pump.State.Sessions ? $"{host} has {active.Pump.State.Sessions} sessions and {leader.Host} has {leader.Pump.State.Sessions} at entry {own.Applied}"
            : active.Machine.State() != leader.Machine.State() ? $"the registers of {host} and {leader.Host} differ at entry {own.Applied}"
            : null;
    }

    /// <summary>
    /// One that was removed knows it, unless all whom it knew are gone too. One whose admission was taken back before it was committed
    /// has nobody to tell it: it waits, and whoever wants the node elsewhere ends it.
    /// </summary>
    private string? MissingOfStranger(Host host, GroupConfiguration present) =>
        host.Active is null ? $"{host} is down"
        : host.IsAdmissible || !world.Judges.Committed.WasMember(host.Active.Node.Identity.Member) ? null
        : !host.Active.Node.Configuration.Everyone.Any(known => present.Contains(known.Id)) ? null
        : $"{host} was removed as {host.Active.Node.Identity.Member} and runs on: last {host.Active.Node.Status().Last}, term {host.Active.Node.Term}";
}
