using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace LifeRaft.Cli;

/// <summary>The program that runs while a lock is held. It has the tool's own input and output.</summary>
internal sealed class ChildProcess : IDisposable
{
    /// <summary>What shells say of a program that is not there.</summary>
    public const int NotFound = 127;

    private static readonly (PosixSignal Signal, int Number)[] _passedOn =
        [(PosixSignal.SIGINT, 2), (PosixSignal.SIGQUIT, 3), (PosixSignal.SIGHUP, 1), (PosixSignal.SIGTERM, 15)];

    private readonly Process _process;
    private readonly List<PosixSignalRegistration> _registrations = [];

    private ChildProcess(Process process) => _process = process;

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

        try
        {
            var child = new ChildProcess(Process.Start(start)!);
            foreach (var (signal, number) in _passedOn)
            {
                child._registrations.Add(PosixSignalRegistration.Create(signal, context =>
                {
                    context.Cancel = true;
                    child.Send(number);
                }));
            }

            return child;
        }
        catch (Win32Exception failure)
        {
            throw new ProgramNotFoundException($"'{command[0]}' cannot be started: {failure.Message}.");
        }
    }

    /// <summary>Waits until the program has ended.</summary>
    /// <returns>Its exit code; 128 and the number of the signal, if one ended it.</returns>
    public async Task<int> Exited(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken);
        return _process.ExitCode;
    }

    /// <summary>Ends the program: asks it to, and after the grace makes it.</summary>
    public async Task End(TimeSpan grace)
    {
        Send(15);
        using var deadline = new CancellationTokenSource(grace, TimeProvider.System);
        try
        {
            await _process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(CancellationToken.None);
        }
    }

    public void Dispose()
    {
        _registrations.ForEach(registration => registration.Dispose());
        _process.Dispose();
    }

    private void Send(int signal)
    {
        if (_process.HasExited)
        {
            return;
        }

        if (OperatingSystem.IsWindows())
        {
            _process.Kill(entireProcessTree: true); // There is nothing gentler.
            return;
        }

        _ = SendSignal(_process.Id, signal);
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int process, int signal);
}

/// <summary>The program that was to be run cannot be.</summary>
internal sealed class ProgramNotFoundException(string message) : Exception(message);
