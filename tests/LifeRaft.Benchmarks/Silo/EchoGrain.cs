using Orleans.Concurrency;

namespace LifeRaft.Benchmarks;

/// <summary>A grain that does nothing: what a call of Orleans costs by itself, at best.</summary>
internal interface IEchoGrain : IGrainWithIntegerKey
{
    /// <summary>Returns what it was given.</summary>
    Task<Immutable<byte[]>> Echo(Immutable<byte[]> value);

    /// <summary>Lets so many clients, here in the grain's silo, call another grain for so long.</summary>
    Task<LoadFigures> Call(IEchoGrain other, int valueBytes, int clients, TimeSpan duration);
}

[Reentrant]
internal sealed class EchoGrain : Grain, IEchoGrain
{
    public Task<Immutable<byte[]>> Echo(Immutable<byte[]> value) => Task.FromResult(value);

    public Task<LoadFigures> Call(IEchoGrain other, int valueBytes, int clients, TimeSpan duration)
    {
        var value = new byte[valueBytes].AsImmutable();
        return ClosedLoop.Run(_ => other.Echo(value), clients, duration);
    }
}
