namespace LifeRaft.Cluster.Tests;

/// <summary>A grain with a state of the kind that every Orleans application has.</summary>
[Alias("liferaft.tests.visits")]
public interface IVisits : IGrainWithIntegerKey
{
    Task<int> Get();

    Task<int> Increment();

    Task Clear();
}

[GenerateSerializer]
[Alias("liferaft.tests.visited")]
public sealed class Visited
{
    [Id(0)]
    public int Value { get; set; }
}

public sealed class VisitsGrain([PersistentState("count")] IPersistentState<Visited> count) : Grain, IVisits
{
    public Task<int> Get() => Task.FromResult(count.State.Value);

    public async Task<int> Increment()
    {
        count.State.Value++;
        await count.WriteStateAsync();
        return count.State.Value;
    }

    public Task Clear() => count.ClearStateAsync();
}

/// <summary>What a client does when a silo it did not know of was in the way: asks again. A state that was not written is read anew by the next activation.</summary>
internal static class Counting
{
    public static async Task<int> Until(Func<Task<int>> call)
    {
        var seen = await Wait.For(
            "the counter answers",
            async () =>
            {
                try
                {
                    return (Answer: await call(), Failure: "");
                }
                catch (Exception failure) when (failure is OrleansException or TimeoutException)
                {
                    return (Answer: -1, Failure: failure.Message);
                }
            },
            seen => seen.Failure.Length == 0,
            seen => seen.Failure);
        return seen.Answer;
    }
}
