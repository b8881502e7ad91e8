using System.Net;
using Microsoft.Extensions.Logging;

namespace LifeRaft.Dashboard;

/// <summary>Says that somebody presents wrong tokens, but not as often as he does: he is not to fill the disk with it.</summary>
internal sealed partial class WrongTokens(TimeProvider time, ILogger<WrongTokens> logger)
{
    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private long? _said;
    private int _unsaid;

    public void Note(IPAddress? address)
    {
        int count;
        lock (_lock)
        {
            _unsaid++;
            if (_said is { } said && time.GetElapsedTime(said) < _pause)
            {
                return;
            }

            (count, _said, _unsaid) = (_unsaid, time.GetTimestamp(), 0);
        }

        LogWrong(count, $"{address}");
    }
}
