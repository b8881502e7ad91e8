using Microsoft.Extensions.Logging;

namespace LifeRaft.Dashboard;

/// <summary>
/// Asks the silos for all who watch, and only while somebody does. A state is published whole; who reads slowly misses the ones between
/// and is never waited for.
/// </summary>
internal sealed partial class ClusterPoller(RaftCluster cluster, LifeRaftDashboardOptions options, TimeProvider time, ILogger<ClusterPoller> logger)
{
    private readonly Lock _gate = new();
    private readonly HashSet<Viewer> _viewers = [];
    private JournalPosition _position = JournalPosition.Start;
    private TaskCompletionSource _published = New();
    private TaskCompletionSource _hurry = New();
    private volatile LiveState _state = LiveState.Nothing;
    private long _begun;
    private bool _isRunning;
    private Task _run = Task.CompletedTask;

    public EventLog Events { get; } = new();

    /// <summary>The version of the newest state.</summary>
    public long Version => _state.Version;

    /// <summary>Whether the silos are being asked.</summary>
    public bool IsRunning
    {
        get
        {
            lock (_gate)
            {
                return _isRunning;
            }
        }
    }

    /// <summary>Completes when the silos are not asked any more, which is when nobody watches.</summary>
    public Task Stopped()
    {
        lock (_gate)
        {
            return _run;
        }
    }

    /// <summary>Adds somebody who watches; null when there are as many as may be.</summary>
    /// <param name="group">The group to look at; null for the worst one.</param>
    /// <param name="fresh">The version after which a state answers this viewer.</param>
    public Viewer? Join(string? group, out long fresh)
    {
        lock (_gate)
        {
            fresh = _begun;
            if (_viewers.Count >= options.MaximumViewers)
            {
                return null;
            }

            var viewer = new Viewer(this, group);
            _viewers.Add(viewer);
            if (!_isRunning)
            {
                _isRunning = true;
                _run = Task.Run(Run);
            }

            _hurry.TrySetResult();
            return viewer;
        }
    }

    public void Leave(Viewer viewer)
    {
        lock (_gate)
        {
            _viewers.Remove(viewer);
            _hurry.TrySetResult();
        }
    }

    /// <summary>Does not wait out the interval once.</summary>
    public void Hurry()
    {
        lock (_gate)
        {
            _hurry.TrySetResult();
        }
    }

    /// <summary>The newest state, as soon as it is newer than that version.</summary>
    public async Task<LiveState> NewerThan(long version, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task published;
            lock (_gate)
            {
                if (_state.Version > version)
                {
                    return _state;
                }

                published = _published.Task;
            }

            await published.WaitAsync(cancellationToken);
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task Run()
    {
        while (true)
        {
            HashSet<string> groups;
            Task hurry;
            lock (_gate)
            {
                if (_viewers.Count == 0)
                {
                    _isRunning = false;
                    return;
                }

                groups = [.. _viewers.Select(viewer => viewer.Group).OfType<string>()];
                _begun = _state.Version + 1;
                _hurry = New();
                hurry = _hurry.Task;
            }

            var started = time.GetTimestamp();
            var next = await Look(groups);
            lock (_gate)
            {
                _state = next;
                _published.SetResult();
                _published = New();
            }

            var left = options.Interval - time.GetElapsedTime(started);
            if (left > TimeSpan.Zero)
            {
                await Task.WhenAny(hurry, Task.Delay(left, time));
            }
        }
    }

    private async Task<LiveState> Look(HashSet<string> groups)
    {
        try
        {
            // All at once: each of them waits for a silo that is silent, and a killed one is to be seen within two seconds.
            var journal = cluster.Journal(_position);
            var looks = groups.Select(Look).ToList();
            var report = await cluster.Look();
            var silos = Views.Silos(report);
            var watched = (await Task.WhenAll(looks)).ToDictionary(
                look => look.Name,
                look => (look.Report is { } group ? Views.Group(group, silos) : null, look.Failure),
                StringComparer.Ordinal);
            var page = await journal;
            _position = page.Next;
            Events.Add(page.Entries);
            return _state.Next(report, time.GetUtcNow(), silos, watched);
        }
        catch (Exception failure)
        {
            // Whatever it is, those who watch are told, and the next look may succeed: the host's page must not end with one bad answer.
            LogFailed(failure.Message);
            return _state.Failed(failure is RaftException ? failure.Message : $"The silos could not be asked: {failure.Message}");
        }
    }

    private async Task<(string Name, GroupReport? Report, string? Failure)> Look(string group)
    {
        try
        {
            return (group, await cluster.Look(group), null);
        }
        catch (Exception failure) when (failure is RaftException or InvalidNameException)
        {
            return (group, null, failure.Message);
        }
    }
}
