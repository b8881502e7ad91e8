namespace LifeRaft.DistributedLock;

/// <summary>
/// Runs asynchronous work on the thread pool, so that it needs nothing of its caller: whoever blocks until it is done, a grain in its only
/// turn or the thread of a user interface, blocks nobody but himself.
/// </summary>
internal static class OnThreadPool
{
    public static ValueTask<T> Run<T>(Func<Task<T>> work) => new(Task.Run(work));

    public static T Wait<T>(Func<Task<T>> work) => Task.Run(work).GetAwaiter().GetResult();

    public static void Wait(Func<Task> work) => Task.Run(work).GetAwaiter().GetResult();
}
