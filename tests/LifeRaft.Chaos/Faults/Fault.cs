namespace LifeRaft.Chaos;

/// <summary>Something that befalls silos and has a begin and an end.</summary>
/// <param name="kind">What kind of thing.</param>
/// <param name="what">What exactly, for people.</param>
/// <param name="hold">From when it is in force until it is taken back.</param>
internal abstract class Fault(FaultKind kind, string what, TimeSpan hold)
{
    public FaultKind Kind => kind;

    public TimeSpan Hold => hold;

    /// <summary>Whether silos are started anew at its end. The end is when they are ready.</summary>
    public abstract bool RestartsSilos { get; }

    /// <summary>Whether no majority is left that could commit anything between its begin and its end.</summary>
    public virtual bool LeavesNoMajority => false;

    /// <summary>Done when it is in force.</summary>
    public abstract Task Begin();

    /// <summary>Done when nothing of it is left.</summary>
    public abstract Task End();

    public override string ToString() => $"{kind.Name()}: {what}";
}
