using System.IO.Pipelines;

namespace LifeRaft.TestSilo;

/// <summary>A connection's two streams of bytes, each of which stands still while its gate is closed. Nothing is lost or reordered.</summary>
internal sealed class StallingPipe(IDuplexPipe pipe, Gate incoming, Gate outgoing) : IDuplexPipe
{
    public PipeReader Input { get; } = new Reader(pipe.Input, incoming);

    public PipeWriter Output { get; } = new Writer(pipe.Output, outgoing);

    /// <summary>Waits at a gate until it opens, or the owner of the pipe gives up: a connection can be closed while it is stalled.</summary>
    private sealed class Waiting(Gate gate)
    {
        private readonly TaskCompletionSource _givenUp = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void GiveUp() => _givenUp.TrySetResult();

        /// <summary>False when the owner gave up.</summary>
        public async Task<bool> Pass(CancellationToken cancellationToken)
        {
            var passed = gate.Passed;
            return await Task.WhenAny(passed, _givenUp.Task).WaitAsync(cancellationToken) == passed;
        }
    }

    private sealed class Reader(PipeReader pipe, Gate gate) : PipeReader
    {
        private readonly Waiting _waiting = new(gate);

        public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
        {
            var read = await pipe.ReadAsync(cancellationToken);
            return gate.IsOpen || read.IsCanceled || await _waiting.Pass(cancellationToken) ? read : new ReadResult(read.Buffer, isCanceled: true, read.IsCompleted);
        }

        public override bool TryRead(out ReadResult result)
        {
            result = default;
            return gate.IsOpen && pipe.TryRead(out result);
        }

        public override void AdvanceTo(SequencePosition consumed) => pipe.AdvanceTo(consumed);

        public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => pipe.AdvanceTo(consumed, examined);

        public override void CancelPendingRead()
        {
            _waiting.GiveUp();
            pipe.CancelPendingRead();
        }

        public override void Complete(Exception? exception = null)
        {
            _waiting.GiveUp();
            pipe.Complete(exception);
        }
    }

    private sealed class Writer(PipeWriter pipe, Gate gate) : PipeWriter
    {
        private readonly Waiting _waiting = new(gate);

        public override async ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) =>
            gate.IsOpen || await _waiting.Pass(cancellationToken)
                ? await pipe.FlushAsync(cancellationToken)
                : new FlushResult(isCanceled: true, isCompleted: false);

        public override void Advance(int bytes) => pipe.Advance(bytes);

        public override Memory<byte> GetMemory(int sizeHint = 0) => pipe.GetMemory(sizeHint);

        public override Span<byte> GetSpan(int sizeHint = 0) => pipe.GetSpan(sizeHint);

        public override void CancelPendingFlush()
        {
            _waiting.GiveUp();
            pipe.CancelPendingFlush();
        }

        public override void Complete(Exception? exception = null)
        {
            _waiting.GiveUp();
            pipe.Complete(exception);
        }
    }
}
