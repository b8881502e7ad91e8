using System.Text;

namespace LifeRaft.Cluster.Tests;

/// <summary>What clients were told of each write. Keys are never used twice.</summary>
internal sealed class KillLedger
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Fate> _writes = [];
    private readonly List<(int Acknowledged, TaskCompletionSource Reached)> _waiting = [];
    private readonly List<string> _surprises = [];
    private int _acknowledged;

    public enum Fate
    {
        /// <summary>It is there.</summary>
        Acknowledged,

        /// <summary>It is there or not, once at most.</summary>
        Unknown,

        /// <summary>It is not there: the client was told that nothing was done.</summary>
        Refused,
    }

    public int Acknowledged => Volatile.Read(ref _acknowledged);

    /// <summary>What clients saw that they must not see, such as a compare-and-swap of a fresh key that failed.</summary>
    public IReadOnlyList<string> Surprises => Locked(() => _surprises.ToList());

    public IReadOnlyDictionary<string, Fate> Writes => Locked(() => new Dictionary<string, Fate>(_writes));

    public static byte[] ValueOf(string key) => Encoding.UTF8.GetBytes($"the value of {key}");

    public int Count(Fate fate) => Locked(() => _writes.Values.Count(written => written == fate));

    public void Record(string key, Fate fate) => Locked(() =>
    {
        _writes.Add(key, fate);
        _acknowledged += fate == Fate.Acknowledged ? 1 : 0;
        foreach (var (_, reached) in _waiting.Where(waiting => waiting.Acknowledged <= _acknowledged))
        {
            reached.SetResult();
        }

        return _waiting.RemoveAll(waiting => waiting.Acknowledged <= _acknowledged);
    });

    public void Surprise(string what) => Locked(() =>
    {
        _surprises.Add(what);
        return 0;
    });

    /// <summary>When so many writes are acknowledged in all.</summary>
    public async Task Reached(int acknowledged, string phase, Func<Task<string>> describe)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Locked(() =>
        {
            _waiting.Add((acknowledged, reached));
            return 0;
        });
        if (Acknowledged >= acknowledged)
        {
            return;
        }

        try
        {
            await reached.Task.WaitAsync(Wait.Patience, TestContext.Current.CancellationToken);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"{phase}: {acknowledged} acknowledged writes were expected within {Wait.Patience.TotalSeconds} s, {Acknowledged} are. {this}. {await describe()}");
        }
    }

    public override string ToString() =>
        $"{Count(Fate.Acknowledged)} acknowledged, {Count(Fate.Unknown)} of unknown outcome, {Count(Fate.Refused)} refused, {Surprises.Count} surprises";

    private T Locked<T>(Func<T> action)
    {
        lock (_gate)
        {
            return action();
        }
    }
}
