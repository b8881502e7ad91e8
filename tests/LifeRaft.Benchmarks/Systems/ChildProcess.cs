using System.Diagnostics;

namespace LifeRaft.Benchmarks;

/// <summary>A process of a system. What it writes is kept for the message of a failure.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private const int LinesKept = 40;

    private readonly Process _process;
    private readonly Queue<string> _said = new();
    private readonly Task _reading;
    private readonly Action<string> _heard;
    private bool _isDisposed;

    private ChildProcess(Process process, Action<string> heard)
    {
        (_process, _heard) = (process, heard);
        _reading = Task.WhenAll(Read(process.StandardOutput), Read(process.StandardError));
    }

    public TimeSpan Cpu
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>What it said last.</summary>
    public string Said
    {
        get
        {
            lock (_said)
            {
                return $"{_process.StartInfo.FileName} (process {_process.Id}, {(_process.HasExited ? $"exit code {_process.ExitCode}" : "running")}) said last:{Environment.NewLine}{string.Join(Environment.NewLine, _said)}";
            }
        }
    }

    /// <param name="file">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="heard">Hears each line.</param>
    public static ChildProcess Start(string file, IEnumerable<string> arguments, Action<string>? heard = null)
    {
        var start = new ProcessStartInfo(file, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        return new ChildProcess(Process.Start(start)!, heard ?? (static _ => { }));
    }

    public async Task Tell(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>kill -9.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync();
        await _reading;
        _process.Dispose();
    }

    private async Task Read(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            lock (_said)
            {
                _said.Enqueue(line);
                if (_said.Count > LinesKept)
                {
                    _said.Dequeue();
                }
            }

            _heard(line);
        }
    }
}
