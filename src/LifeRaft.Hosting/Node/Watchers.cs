using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace LifeRaft.Hosting;

/// <summary>Those who watch a node's events. Used within the node's turns.</summary>
internal sealed class Watchers
{
    private const int MaximumBehind = 10_000;
    private readonly List<Channel<RaftEvent>> _watchers = [];

    public bool Any => _watchers.Count > 0;

    public void Publish(RaftEvent raftEvent)
    {
        for (var i = _watchers.Count - 1; i >= 0; i--)
        {
            var watcher = _watchers[i];
            if (!watcher.Writer.TryWrite(raftEvent))
            {
                watcher.Writer.TryComplete(new OverloadedException($"The watcher fell {MaximumBehind} events behind and was cut off. Watch again, and read faster."));
                _watchers.RemoveAt(i);
            }
            else if (raftEvent is EndEvent)
            {
                watcher.Writer.TryComplete();
                _watchers.RemoveAt(i);
            }
        }
    }

    /// <summary>The events from this call on.</summary>
    public IAsyncEnumerable<RaftEvent> Watch(CancellationToken cancellationToken)
    {
        var watcher = Channel.CreateBounded<RaftEvent>(new BoundedChannelOptions(MaximumBehind) { SingleReader = true });
        _watchers.Add(watcher);
        return Read(watcher, cancellationToken);
    }

    private async IAsyncEnumerable<RaftEvent> Read(Channel<RaftEvent> watcher, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var raftEvent in watcher.Reader.ReadAllAsync(cancellationToken))
            {
                yield return raftEvent;
            }
        }
        finally
        {
            _watchers.Remove(watcher);
        }
    }
}
