using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace LifeRaft.Hosting;

/// <summary>
/// Sees to it that the declared groups exist. It works beside the running silo, and every silo does the same: the founder of each
/// group founds it for one of them, and its leader admits no more members than are declared, whoever asks.
/// </summary>
internal sealed partial class DeclaredGroups(
    IGrainFactory grains, FoundingNotes notes, FirstService first, IOptions<RaftOptions> options, TimeProvider time, ILogger<DeclaredGroups> logger) : ILifecycleParticipant<ISiloLifecycle>, IDisposable
{
    private const int AtOnce = 8;
    private static readonly TimeSpan _shortest = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan _longest = TimeSpan.FromSeconds(2);
    private readonly CancellationTokenSource _stopping = new();
    private Task _work = Task.CompletedTask;

    public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe<DeclaredGroups>(ServiceLifecycleStage.Active, Start, Stop);

    public void Dispose() => _stopping.Dispose();

    private Task Start(CancellationToken cancellationToken)
    {
        var open = new ConcurrentDictionary<GroupName, Declared>(
            options.Value.Groups.Select(group => KeyValuePair.Create(GroupName.Parse(group.Key), new Declared(group.Value.Members))));
        foreach (var group in open.Keys)
        {
            first.Expect(group);
        }

        _work = Task.Run(() => SeeToAll(open), CancellationToken.None);
        return Task.CompletedTask;
    }

    private async Task Stop(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task SeeToAll(ConcurrentDictionary<GroupName, Declared> open)
    {
        for (var pause = _shortest; ; pause = pause < _longest ? 2 * pause : _longest)
        {
            await Parallel.ForEachAsync(open, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = _stopping.Token }, async (group, _) =>
            {
                if (await SeeTo(group.Key, group.Value))
                {
                    open.TryRemove(group.Key, out var _);
                    first.Settle(group.Key);
                }
            });
            if (open.IsEmpty)
            {
                return;
            }

            await Task.Delay(pause, time, _stopping.Token);
        }
    }

    /// <summary>Whether nothing is left to do.</summary>
    private async Task<bool> SeeTo(GroupName group, Declared declared)
    {
        string? waitsFor;
        try
        {
            var found = await grains.GetGrain<IRaftCoordinator>(group.ToString()).Declare(declared.Members).WaitAsync(_stopping.Token);
            waitsFor = found.WaitsFor;
            if (waitsFor is null)
            {
                await notes.Write(group, found.Group, _stopping.Token);
                if (found.IsDeleted)
                {
                    LogDeleted(group, found.Group);
                }

                return true;
            }
        }
        catch (Exception failure) when (failure is not OutOfMemoryException && !_stopping.IsCancellationRequested)
        {
            // The coordinator's silo may have gone, or an operator has to do something: nothing that ends for good.
            waitsFor = failure.Message;
        }

        if (waitsFor != declared.Said)
        {
            declared.Said = waitsFor;
            LogWaiting(group, declared.Members, waitsFor);
        }

        return false;
    }

    private sealed class Declared(int members)
    {
        public int Members => members;

        /// <summary>What was logged last: the same is said once.</summary>
        public string? Said { get; set; }
    }
}
