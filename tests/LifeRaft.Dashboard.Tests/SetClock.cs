namespace LifeRaft.Dashboard.Tests;


/// <summary>A clock that stands until it is set.</summary>
internal sealed class SetClock : TimeProvider
{
    public int Seconds { get; set; }

    public override long TimestampFrequency => 1;

    public override long GetTimestamp() => Seconds;
}
