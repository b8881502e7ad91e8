using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using LifeRaft.TestSilo;

namespace LifeRaft.Chaos;

/// <summary>A silo that is a process of its own: what it says, and how it ends.</summary>
internal sealed class SiloProcess : IAsyncDisposable
{
    private const int LinesKept = 60;
    private const string Done = "done ";
    private const int KilledExitCode = 128 + 9;
    private const int SigTerm = 15;
    private const int SigCont = 18;
    private const int SigStop = 19;

    private readonly Process _process;
    private readonly Action<LockEvent> _heard;
    private readonly Task _reading;
    private readonly Queue<string> _said = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _orders = [];
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private SiloProcess(string name, Process process, Action<LockEvent> heard)
    {
        Name = name;
        _process = process;
        _heard = heard;
        _reading = Task.WhenAll(Read(process.StandardOutput), Read(process.StandardError));
    }

    public string Name { get; }

    /// <summary>What it said last, for the message of a failure.</summary>
    public string Said
    {
        get
        {
            lock (_said)
            {
                return $"{Name} (process {_process.Id}, {(_process.HasExited ? $"exit code {_process.ExitCode}" : "running")}) said last:{Environment.NewLine}{string.Join(Environment.NewLine, _said)}";
            }
        }
    }

    /// <summary>Starts the process; it ends by itself when its standard input does, and that ends with this process.</summary>
    public static SiloProcess Start(SiloArguments arguments, Action<LockEvent> heard)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };

        // With this process's own frameworks: where one of them is ASP.NET Core, what it holds of the silo's packages is not copied beside it.
        var frameworks = Path.ChangeExtension(Assembly.GetEntryAssembly()!.Location, ".runtimeconfig.json");
        foreach (var argument in new[] { "exec", "--runtimeconfig", frameworks, typeof(SiloArguments).Assembly.Location }.Concat(arguments.ToCommandLine()))
        {
            start.ArgumentList.Add(argument);
        }

        return new SiloProcess(arguments.Name, Process.Start(start)!, heard);
    }

    /// <summary>Its log store is open; it is about to join the cluster.</summary>
    public Task Opened() => Heard(_opened.Task, "the log store is opened");

    /// <summary>It is an active silo of the cluster.</summary>
    public Task Ready() => Heard(_ready.Task, "the silo is ready");

    /// <summary>kill -9. Fails if the process ended in any other way.</summary>
    public async Task<int> Kill()
    {
        _process.Kill();
        var exitCode = await Ended("the silo is killed");
        return exitCode == KilledExitCode ? exitCode : throw new InvalidOperationException($"SIGKILL was to end the process with exit code {KilledExitCode}. {Said}");
    }

    /// <summary>What systemd, Docker and Kubernetes do first. Returns the exit code.</summary>
    public Task<int> Terminate()
    {
        Signal(SigTerm);
        return Ended("the silo stops after SIGTERM");
    }

    /// <summary>SIGSTOP: the process stands still, with all that it has open.</summary>
    public void Pause() => Signal(SigStop);

    /// <summary>SIGCONT.</summary>
    public void Resume() => Signal(SigCont);

    /// <summary>Gives the silo an order over its standard input and waits until it is carried out. One of the same text at a time.</summary>
    public async Task Order(string order)
    {
        var done = _orders[order] = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await _process.StandardInput.WriteLineAsync(order);
        await _process.StandardInput.FlushAsync();
        await Heard(done.Task, $"the order '{order}' is carried out");
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync();
        await _reading;
        _process.Dispose();
    }

    private async Task<int> Ended(string phase)
    {
        await Heard(_process.WaitForExitAsync(), phase);
        return _process.ExitCode;
    }

    private async Task Heard(Task signal, string phase)
    {
        try
        {
            await signal.WaitAsync(Polling.Patience);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"{phase}: expected within {Polling.Patience.TotalSeconds} s. {Said}");
        }
    }

    private async Task Read(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            if (LockEvent.TryParse(line, out var one))
            {
                _heard(one);
                continue;
            }

            lock (_said)
            {
                _said.Enqueue(line);
                if (_said.Count > LinesKept)
                {
                    _said.Dequeue();
                }
            }

            if (line == "ready")
            {
                _ready.TrySetResult();
            }
            else if (line.StartsWith(Done, StringComparison.Ordinal))
            {
                _orders.GetValueOrDefault(line[Done.Length..])?.TrySetResult();
            }
            else if (line.Contains("LifeRaft on silo", StringComparison.Ordinal))
            {
                _opened.TrySetResult();
            }
        }

        // Who waits hears at once that there is nothing to wait for; killing it is no failure, so nobody else is told.
        var end = new InvalidOperationException($"The process ended. {Said}");
        _ = _ready.TrySetException(end) && _ready.Task.Exception is null;
        _ = _opened.TrySetException(end) && _opened.Task.Exception is null;
        foreach (var order in _orders.Values)
        {
            _ = order.TrySetException(end) && order.Task.Exception is null;
        }
    }

    private void Signal(int signal)
    {
        if (PosixKill(_process.Id, signal) != 0)
        {
            throw new InvalidOperationException($"Signal {signal} was not delivered. {Said}");
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int PosixKill(int process, int signal);
}
