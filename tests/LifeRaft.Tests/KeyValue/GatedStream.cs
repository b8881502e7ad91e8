namespace LifeRaft.Tests.KeyValue;

/// <summary>Takes as many bytes as were let pass, and makes the writer wait for the rest.</summary>
internal sealed class GatedStream : MemoryStream
{
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _bytes = new(0);

    /// <summary>Completes when the writer has come to its first byte.</summary>
    public Task Begun => _begun.Task;

    public void LetPass(int bytes) => _bytes.Release(bytes);

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        _begun.TrySetResult();
        for (var i = 0; i < buffer.Length; i++)
        {
            _bytes.Wait();
        }

        base.Write(buffer.ToArray(), 0, buffer.Length); // The method for spans would call back this class.
    }

    public override void WriteByte(byte value) => Write([value]);

    protected override void Dispose(bool disposing)
    {
        _bytes.Dispose();
        base.Dispose(disposing);
    }
}
