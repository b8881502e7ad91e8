using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace LifeRaft.Docker.Tests;

/// <summary>A container: one process, alone in its namespaces, started as its image says.</summary>
internal sealed class Container : IAsyncDisposable
{
    private const int SigTerm = 15;
    private static readonly string[] _unprivileged = ["--clear-groups", "--no-new-privs", "--inh-caps=-all", "--bounding-set=-all", "--"];

    private readonly ContainerSettings _settings;
    private readonly Process _engine;
    private readonly StringBuilder _log = new();
    private readonly Task _reading;

    private Container(ContainerSettings settings, Process engine)
    {
        _settings = settings;
        _engine = engine;
        _reading = Task.WhenAll(Read(engine.StandardOutput), Read(engine.StandardError));
    }

    /// <summary>What <c>docker logs</c> would show.</summary>
    public string Log
    {
        get
        {
            lock (_log)
            {
                return _log.ToString();
            }
        }
    }

    public bool HasEnded => _engine.HasExited;

    public static Container Start(ContainerSettings settings)
    {
        var start = Prepare(settings, "nsenter",
        [
            $"--net=/run/netns/{settings.Network}", "unshare", "--mount", "--pid", "--fork", "--kill-child",
            "bash", Containers.Script, settings.Image, $"{ImageConfiguration.User}", ImageConfiguration.WorkingFolder, .. settings.Mounts,
            "--", .. ImageConfiguration.EntryPoint, .. settings.Arguments,
        ]);
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        var engine = Process.Start(start)!;
        engine.StandardInput.Close();
        return new Container(settings, engine);
    }

    /// <summary><c>docker exec</c>: a program in the container's namespaces, as its user. Fails while the container is being set up, too.</summary>
    public Answer Exec(params IEnumerable<string> command)
    {
        if (FirstProcess() is not { } process)
        {
            return new Answer(125, $"{_settings.Name} does not run. {Log}");
        }

        return Shell.Run(
            Prepare(_settings, "nsenter",
            [
                "--target", $"{process}", "--mount", "--pid", "--net", "--root", "--wd",
                "setpriv", "--reuid", $"{ImageConfiguration.User}", "--regid", $"{ImageConfiguration.User}", .. _unprivileged, .. command,
            ]),
            Shell.Patience);
    }

    /// <summary>What the HEALTHCHECK says, asked until it is good.</summary>
    public Task Healthy() => Wait.For($"{_settings.Name} is healthy", () => HasEnded ? throw new InvalidOperationException($"{_settings.Name} ended. {Log}") : Exec(ImageConfiguration.HealthCheck), answer => answer.ExitCode == 0, answer => $"{answer.Output}{Environment.NewLine}{Log}");

    /// <summary><c>docker stop</c> without the end of its patience: SIGTERM, and the exit code.</summary>
    public async Task<int> Stop(TimeSpan patience)
    {
        var process = FirstProcess() ?? throw new InvalidOperationException($"{_settings.Name} does not run. {Log}");
        if (Kill(process, SigTerm) != 0)
        {
            throw new InvalidOperationException($"SIGTERM did not reach {_settings.Name}.");
        }

        try
        {
            await _engine.WaitForExitAsync().WaitAsync(patience);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"{_settings.Name} did not stop within {patience.TotalSeconds} s after SIGTERM. {Log}");
        }

        await _reading;
        return _engine.ExitCode;
    }

    /// <summary>Waits for a process that ends by itself.</summary>
    public async Task<int> Ended()
    {
        await _engine.WaitForExitAsync().WaitAsync(Shell.Patience);
        await _reading;
        return _engine.ExitCode;
    }

    /// <summary>Kills what still runs; the kernel takes everything else in its namespaces with it.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_engine.HasExited)
        {
            _engine.Kill(entireProcessTree: true);
        }

        await _engine.WaitForExitAsync();
        await _reading;
        _engine.Dispose();
    }

    private static ProcessStartInfo Prepare(ContainerSettings settings, string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments);
        start.Environment.Clear(); // A container has nothing of the machine's.
        foreach (var (name, value) in ImageConfiguration.Environment.Concat(settings.Environment))
        {
            start.Environment[name] = value;
        }

        start.Environment["HOSTNAME"] = settings.Name;
        return start;
    }

    /// <summary>The container's process 1, by the number that the machine gives it.</summary>
    private int? FirstProcess()
    {
        try
        {
            var children = File.ReadAllText($"/proc/{_engine.Id}/task/{_engine.Id}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return children.Length == 0 ? null : int.Parse(children[0], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return null; // It has ended.
        }
    }

    private async Task Read(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            lock (_log)
            {
                _log.AppendLine(line);
            }
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int process, int signal);
}
