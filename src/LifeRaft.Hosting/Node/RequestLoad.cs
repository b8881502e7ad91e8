namespace LifeRaft.Hosting;

/// <summary>
/// What the requests of one kind hold at a node, from their arrival until their callers are answered, wherever they are meanwhile: in the
/// inbox, held back, in the log, or waiting. All members but the two counts are used within turns of one activation.
/// </summary>
/// <param name="silo">What all nodes of the silo hold together.</param>
/// <param name="maximumRequests">How many may be unanswered.</param>
/// <param name="maximumBytes">How much they may hold.</param>
internal sealed class RequestLoad(SiloLoad silo, int maximumRequests, long maximumBytes)
{
    /// <summary>
    /// What a request holds besides its content, nearly: its message, its caller and its place in the queues. With it a bound in bytes
    /// bounds small requests too.
    /// </summary>
    public const int BytesOfRequest = 512;

    private int _requests;
    private long _bytes;
    private bool _isClosed;

    /// <summary>How many are unanswered. Read at any time.</summary>
    public int Requests => Volatile.Read(ref _requests);

    /// <summary>What they hold, in bytes. Read at any time.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Takes a request of so many bytes in, or says which bound that would break, and takes nothing.</summary>
    public Overload? TryTake(int contentBytes)
    {
        var bytes = contentBytes + BytesOfRequest;
        if (_requests >= maximumRequests)
        {
            return Overload.Requests;
        }

        if (_bytes + bytes > maximumBytes)
        {
            return Overload.NodeBytes;
        }

        if (!silo.TryTake(bytes))
        {
            return Overload.SiloBytes;
        }

        Volatile.Write(ref _requests, _requests + 1);
        Volatile.Write(ref _bytes, _bytes + bytes);
        return null;
    }

    /// <summary>A request that was taken in has its answer, or nobody waits for it any more.</summary>
    public void GiveBack(int contentBytes)
    {
        if (_isClosed)
        {
            return;
        }

        var bytes = contentBytes + BytesOfRequest;
        Volatile.Write(ref _requests, _requests - 1);
        Volatile.Write(ref _bytes, _bytes - bytes);
        silo.GiveBack(bytes);
    }

    /// <summary>
    /// The node is over: what it still held is given back, for a node that was halted answers nobody, and its silo goes on.
    /// </summary>
    public void Close()
    {
        _isClosed = true;
        silo.GiveBack(_bytes);
        Volatile.Write(ref _requests, 0);
        Volatile.Write(ref _bytes, 0);
    }
}
