namespace LifeRaft.TestSilo;

/// <summary>Open at first; who comes to it while it is closed waits.</summary>
internal sealed class Gate
{
    private volatile TaskCompletionSource _opened = Opened();

    public bool IsOpen => _opened.Task.IsCompleted;

    /// <summary>When it is open.</summary>
    public Task Passed => _opened.Task;

    public void Close()
    {
        if (IsOpen)
        {
            _opened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    public void Open() => _opened.TrySetResult();

    private static TaskCompletionSource Opened()
    {
        var opened = new TaskCompletionSource();
        opened.SetResult();
        return opened;
    }
}
