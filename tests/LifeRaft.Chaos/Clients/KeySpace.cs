namespace LifeRaft.Chaos;

/// <summary>
/// A few keys at a time, and others after so many operations: the checker judges each key alone, and its history stays small however
/// long the run.
/// </summary>
internal sealed class KeySpace
{
    private const int KeysAtOnce = 5;
    private const int OperationsPerEpoch = 1000;

    private int _operations;

    public string Next(Random random)
    {
        var epoch = Interlocked.Increment(ref _operations) / OperationsPerEpoch;
        return $"{epoch}/{random.Next(KeysAtOnce)}";
    }
}
