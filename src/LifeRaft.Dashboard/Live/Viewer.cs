namespace LifeRaft.Dashboard;

/// <summary>Somebody who watches, until it is disposed of.</summary>
internal sealed class Viewer(ClusterPoller poller, string? group) : IDisposable
{
    /// <summary>The group that is looked at; the worst one once groups are known, if none was asked for.</summary>
    public string? Group { get; private set; } = group;

    /// <summary>The newest state, as soon as it is newer than that version.</summary>
    public async Task<LiveState> Next(long after, CancellationToken cancellationToken)
    {
        var state = await poller.NewerThan(after, cancellationToken);
        if (Group is null && state.Groups.Count > 0)
        {
            Group = state.Groups[0].Name;
            poller.Hurry();
        }

        return state;
    }

    public void Dispose() => poller.Leave(this);
}
