namespace LifeRaft;

/// <summary>Work that belongs to no caller: it runs outside a grain's turns and does not take a request's context along.</summary>
internal static class Detached
{
    /// <summary>What begins before this is disposed of inherits nothing from the caller.</summary>
    public static IDisposable? Flow() => ExecutionContext.IsFlowSuppressed() ? null : ExecutionContext.SuppressFlow();

    public static Task Run(Func<Task> work)
    {
        using var _ = Flow();
        return Task.Run(work);
    }
}
