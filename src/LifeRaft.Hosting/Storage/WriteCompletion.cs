namespace LifeRaft.Hosting;

/// <summary>Waits for one write.</summary>
internal sealed class WriteCompletion : ILogWriteCompletion
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Done => _done.Task;

    public void Completed(LogWrite write, LogStoreException? failure)
    {
        if (failure is null)
        {
            _done.SetResult();
        }
        else
        {
            _done.SetException(failure);
        }
    }
}
