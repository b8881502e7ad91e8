namespace LifeRaft.Hosting;

/// <summary>
/// What a node holds for its callers. Questions that wait for an answer are counted apart, with the same bounds: they must not keep out
/// the commands that answer them, such as the release of the lock that is waited for.
/// </summary>
/// <param name="Requests">Commands, session requests and queries.</param>
/// <param name="Waiting">Questions that wait.</param>
internal sealed record NodeLoad(RequestLoad Requests, RequestLoad Waiting)
{
    public static NodeLoad Unbounded()
    {
        return new(Load(), Load());

        static RequestLoad Load() => new(new SiloLoad(long.MaxValue), int.MaxValue, long.MaxValue);
    }

    /// <summary>The node is over.</summary>
    public void Close()
    {
        Requests.Close();
        Waiting.Close();
    }
}
