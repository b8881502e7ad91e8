using Microsoft.Extensions.DependencyInjection;

namespace LifeRaft.Cluster.Tests;

/// <summary>The first call of a method that any silo sends is on its way until it is let go; the others pass. Register it with every silo.</summary>
internal sealed class HeldCall(string method) : IOutgoingGrainCallFilter
{
    private readonly TaskCompletionSource _sent = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _letGo = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _count;

    /// <summary>Completes when the call is being sent.</summary>
    public Task Sent => _sent.Task.WaitAsync(Wait.Patience);

    /// <summary>Completes when the call that was let go has been answered, well or not.</summary>
    public Task Answered => _answered.Task.WaitAsync(Wait.Patience);

    public void AddTo(ISiloBuilder silo) => silo.Services.AddSingleton<IOutgoingGrainCallFilter>(this);

    /// <summary>Lets the call go, however long ago who sent it has given it up.</summary>
    public void LetGo() => _letGo.TrySetResult();

    public async Task Invoke(IOutgoingGrainCallContext context)
    {
        if (context.InterfaceMethod?.Name != method || Interlocked.Increment(ref _count) > 1)
        {
            await context.Invoke();
            return;
        }

        _sent.SetResult();
        await _letGo.Task;
        try
        {
            await context.Invoke();
        }
        finally
        {
            _answered.SetResult();
        }
    }
}
