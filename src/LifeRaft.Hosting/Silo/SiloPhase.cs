namespace LifeRaft.Hosting;

/// <summary>How far a silo's LifeRaft is.</summary>
internal enum SiloPhase
{
    /// <summary>The log store is not open.</summary>
    Starting,

    /// <summary>The log store is open, and the silo is not active yet.</summary>
    Opened,

    /// <summary>The silo is active, and the nodes that its store holds were activated.</summary>
    Active,

    /// <summary>The silo is being stopped.</summary>
    Stopping,
}
