using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace LifeRaft.Cli;

/// <summary>The program that runs while a lock is held. It has the tool's own input and output.</summary>
internal sealed class ChildProcess : IDisposable
{
    /// <summary>What shells say of a program that is not there.</summary>
    public const int NotFound = 127;

    // Those that are ignored when the tool begins stay ignored, by it (the runtime registers nothing for them) and by the program, which
    // inherits that: who says nohup, or puts the tool into the background of a script, means both.
    private static readonly (PosixSignal Signal, int Number)[] _passedOn =
        [(PosixSignal.SIGINT, 2), (PosixSignal.SIGQUIT, 3), (PosixSignal.SIGHUP, 1), (PosixSignal.SIGTERM, 15)];

    private readonly ProcessStartInfo _start;
    private readonly List<PosixSignalRegistration> _registrations = [];

    // Signals come on threads of their own, perhaps before the program is there.
    private readonly Lock _signals = new();
    private readonly List<int> _early = [];
    private Process? _started;
    private volatile bool _isToldToEnd;

    private ChildProcess(ProcessStartInfo start) => _start = start;

    /// <summary>
    /// Whether a signal came that asks for an end: then nothing is to be started in the program's place, however long it takes to end. A hang-up
    /// is none, for to many programs it means that they read their configuration again.
    /// </summary>
    public bool IsToldToEnd => _isToldToEnd;

    private Process Program => _started ?? throw new InvalidOperationException("The program has not been started.");

    /// <summary>Starts the program.</summary>
    /// <param name="command">Its name, and its arguments as they are: no shell looks at them.</param>
    /// <param name="variables">What its environment has besides the tool's.</param>
    /// <exception cref="ProgramNotFoundException">There is no such program, or it cannot be executed.</exception>
    public static ChildProcess Start(IReadOnlyList<string> command, params (string Name, string Value)[] variables)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1)) { UseShellExecute = false };
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        var child = new ChildProcess(start);
        try
        {
            child.Begin();
            return child;
        }
        catch (Win32Exception failure)
        {
            child.Dispose();
            throw new ProgramNotFoundException($"'{command[0]}' cannot be started: {failure.Message}.");
        }
    }

    /// <summary>Waits until the program has ended.</summary>
    /// <returns>Its exit code; 128 and the number of the signal, if one ended it.</returns>
    public async Task<int> Exited(CancellationToken cancellationToken)
    {
        await Program.WaitForExitAsync(cancellationToken);
        return Program.ExitCode;
    }

    /// <summary>Ends the program: asks it to, and after the grace makes it.</summary>
    public async Task End(TimeSpan grace)
    {
        Send(15);
        using var deadline = new CancellationTokenSource(grace, TimeProvider.System);
        try
        {
            await Program.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            Program.Kill(entireProcessTree: true);
            await Program.WaitForExitAsync(CancellationToken.None);
        }
    }

    public void Dispose()
    {
        _registrations.ForEach(registration => registration.Dispose());
        _started?.Dispose();
    }

    /// <summary>Listens to signals first: one that ended the tool just when the program had begun would leave that running without its lock.</summary>
    private void Begin()
    {
        foreach (var (signal, number) in _passedOn)
        {
            _registrations.Add(PosixSignalRegistration.Create(signal, context =>
            {
                context.Cancel = true;
                _isToldToEnd |= signal != PosixSignal.SIGHUP;
                if (!IsToldByTerminal(signal))
                {
                    Send(number);
                }
            }));
        }

        var process = Process.Start(_start)!;
        lock (_signals)
        {
            _started = process;
        }

        _early.ForEach(Send);
    }

    /// <summary>Ctrl-C reaches the program without this tool, and must not reach it twice: the second one means to many that they end at once.</summary>
    private bool IsToldByTerminal(PosixSignal signal)
    {
        lock (_signals)
        {
            return _started is not null && signal is PosixSignal.SIGINT or PosixSignal.SIGQUIT && ForegroundTerminal.IsOurs();
        }
    }

    private void Send(int signal)
    {
        lock (_signals)
        {
            if (_started is null)
            {
                _early.Add(signal);
                return;
            }
        }

        if (Program.HasExited)
        {
            return;
        }

        if (OperatingSystem.IsWindows())
        {
            Program.Kill(entireProcessTree: true); // There is nothing gentler.
            return;
        }

        _ = SendSignal(Program.Id, signal);
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int process, int signal);
}

/// <summary>The program that was to be run cannot be.</summary>
internal sealed class ProgramNotFoundException(string message) : Exception(message);
