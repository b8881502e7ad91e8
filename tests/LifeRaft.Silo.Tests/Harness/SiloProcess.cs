using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Runtime.InteropServices;
using System.Text;

namespace LifeRaft.Silo.Tests;

/// <summary>The executable as a process of its own, started from one file; ports and folders are given by the environment, to be free here.</summary>
internal sealed class SiloProcess : IAsyncDisposable
{
    private const int LinesKept = 80;
    private const int SigTerm = 15;

    private readonly Process _process;
    private readonly Queue<string> _said = new();
    private readonly Queue<string> _complained = new();
    private readonly Task _reading;
    private readonly HttpClient _http = new(new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, _, _, _) => true }) { Timeout = TimeSpan.FromSeconds(10) };

    private SiloProcess(Process process, SiloPlace place)
    {
        _process = process;
        _http.BaseAddress = new Uri($"{place.Scheme}://127.0.0.1:{place.HttpPort}");
        _reading = Task.WhenAll(Read(process.StandardOutput, _said), Read(process.StandardError, _said, _complained));
    }

    /// <summary>What it said last, for the message of a failure and to look for something.</summary>
    public string Said
    {
        get
        {
            lock (_said)
            {
                return string.Join(Environment.NewLine, _said);
            }
        }
    }

    /// <summary>The last line on its standard error; the two streams are read side by side, so that <see cref="Said"/> has no order between them.</summary>
    public string LastComplaint
    {
        get
        {
            lock (_said)
            {
                return _complained.LastOrDefault("");
            }
        }
    }

    public static SiloProcess Start(SiloPlace place, params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "LifeRaft.Silo"))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = place.Folder,
        };
        foreach (var variable in start.Environment.Keys.Where(name => name.StartsWith("LIFERAFT_", StringComparison.OrdinalIgnoreCase)).ToList())
        {
            start.Environment.Remove(variable);
        }

        foreach (var (name, value) in place.Environment)
        {
            start.Environment[name] = value;
        }

        foreach (var argument in (string[])["--config", place.ConfigurationFile, .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        return new SiloProcess(Process.Start(start)!, place);
    }

    /// <summary>The status of a path, or null where nobody answers.</summary>
    public async Task<HttpStatusCode?> Status(string path)
    {
        try
        {
            using var answer = await _http.GetAsync(path, TestContext.Current.CancellationToken);
            return answer.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    /// <summary>The status of a path for who calls this host by that name.</summary>
    public async Task<HttpStatusCode> StatusAs(string host, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Host = host;
        using var answer = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }

    /// <summary>The body of an answer of whatever status; empty where nobody answers.</summary>
    public async Task<string> Body(string path)
    {
        try
        {
            using var answer = await _http.GetAsync(path, TestContext.Current.CancellationToken);
            return await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        }
        catch (HttpRequestException)
        {
            return "";
        }
    }

    /// <summary>Posts JSON as the dashboard's page does.</summary>
    public async Task<(HttpStatusCode Status, string Answer)> Post(string path, string json, string? token = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        request.Headers.Add("X-LifeRaft-Action", "test");
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        using var answer = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    public Task<string> Get(string path) => _http.GetStringAsync(path, TestContext.Current.CancellationToken);

    /// <summary>Waits until it is ready.</summary>
    public Task Ready() => Wait.For("the silo is ready", async () => _process.HasExited ? throw new InvalidOperationException($"It ended with exit code {_process.ExitCode}. {Said}") : await Status("/health/ready"), status => status == HttpStatusCode.OK, () => Said);

    /// <summary>kill -9.</summary>
    public Task Kill()
    {
        _process.Kill();
        return Ended();
    }

    public void Terminate()
    {
        if (PosixKill(_process.Id, SigTerm) != 0)
        {
            throw new InvalidOperationException($"SIGTERM was not delivered. {Said}");
        }
    }

    /// <summary>Waits for its end. Returns the exit code.</summary>
    public async Task<int> Ended()
    {
        try
        {
            await _process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Wait.Patience);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"The process was to end within {Wait.Patience.TotalSeconds} s. {Said}");
        }

        await _reading;
        return _process.ExitCode;
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
        _http.Dispose();
    }

    private async Task Read(StreamReader reader, params Queue<string>[] kept)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            lock (_said)
            {
                foreach (var lines in kept)
                {
                    lines.Enqueue(line);
                    if (lines.Count > LinesKept)
                    {
                        lines.Dequeue();
                    }
                }
            }
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int PosixKill(int process, int signal);
}
