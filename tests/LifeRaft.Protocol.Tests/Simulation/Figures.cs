namespace LifeRaft.Protocol.Tests.Simulation;

/// <summary>How much happened: a simulation in which nothing happens proves nothing.</summary>
internal sealed class Figures
{
    public int Elections { get; set; }

    public int Truncations { get; set; }

    public int MembershipChanges { get; set; }

    public int Crashes { get; set; }

    /// <summary>Leaders that handed over when asked to.</summary>
    public int Transfers { get; set; }

    public int Pauses { get; set; }

    public int Lost { get; set; }

    public int Writes { get; set; }

    public int Reads { get; set; }

    public int Unknown { get; set; }

    public void Add(Figures other)
    {
        Elections += other.Elections;
        Truncations += other.Truncations;
        MembershipChanges += other.MembershipChanges;
        Crashes += other.Crashes;
        Transfers += other.Transfers;
        Pauses += other.Pauses;
        Lost += other.Lost;
        Writes += other.Writes;
        Reads += other.Reads;
        Unknown += other.Unknown;
    }

    public override string ToString() =>
        $"{Elections} elections, {Truncations} truncations, {MembershipChanges} membership changes, {Transfers} transfers, {Crashes} crashes, {Pauses} pauses, {Lost} messages lost, {Writes} writes acknowledged, {Unknown} unknown, {Reads} reads";
}
