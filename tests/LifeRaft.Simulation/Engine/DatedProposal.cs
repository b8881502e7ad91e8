using LifeRaft.Hosting;
using LifeRaft.Protocol;

namespace LifeRaft.Simulation;

/// <summary>
/// A proposal whose wall clock is the true time, in microseconds since the beginning of the run: so a judge knows, of every entry,
/// when it was really proposed. Nothing in the system may look at it.
/// </summary>
internal sealed class DatedProposal(World world, PumpCaller caller, DatedProposal.Propose propose) : Proposal(caller)
{
    public delegate void Propose(RaftNode node, TimeSpan now, TimeSpan stamp, long trueMicroseconds);

    public override void Feed(RaftNode node, TimeSpan now) => propose(node, now, Stamp, world.Queue.Now.Ticks / TimeSpan.TicksPerMicrosecond);
}
