using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace LifeRaft.Dashboard.Tests;

/// <summary>A page in a browser context of its own, and what went wrong on it.</summary>
public sealed class WatchedPage : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly ConcurrentQueue<string> _wrong = new();

    internal WatchedPage(IBrowserContext context, IPage page)
    {
        _context = context;
        Page = page;
        page.SetDefaultTimeout(60_000);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                _wrong.Enqueue($"console: {message.Text}");
            }
        };
        page.PageError += (_, error) => _wrong.Enqueue($"error: {error}");
        page.RequestFailed += (_, request) =>
        {
            // The page itself ends its stream in order to look at another group, and when it hears nothing.
            if (request.Failure != "net::ERR_ABORTED" || !request.Url.Contains("/api/stream", StringComparison.Ordinal))
            {
                _wrong.Enqueue($"failed: {request.Url} {request.Failure}");
            }
        };
        page.Response += (_, response) =>
        {
            if (response.Status >= 400)
            {
                _wrong.Enqueue($"{response.Status}: {response.Url}");
            }
        };
    }

    public IPage Page { get; }

    /// <summary>Errors in the console, exceptions, and requests that failed.</summary>
    public IReadOnlyCollection<string> Wrong => _wrong;

    public async Task Screenshot(string name, bool isWhole = true)
    {
        var path = Path.Combine(Chromium.Screenshots, $"{name}.png");
        await Page.ScreenshotAsync(new() { Path = path, FullPage = isWhole, Animations = ScreenshotAnimations.Disabled });
        TestContext.Current.TestOutputHelper?.WriteLine($"Screenshot: {path}");
    }

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();
}
