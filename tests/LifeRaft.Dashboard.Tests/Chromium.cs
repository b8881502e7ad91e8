using Microsoft.Playwright;

namespace LifeRaft.Dashboard.Tests;

/// <summary>The browser of the tests, one for all of a class; Debian's, driven by Playwright.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private static readonly string _path = Environment.GetEnvironmentVariable("LIFERAFT_CHROMIUM") ?? "/usr/bin/chromium";
    private static readonly string[] _arguments =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ];

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>Where the screenshots are kept.</summary>
    public static string Screenshots { get; } = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "TestResults", "screenshots")).FullName;

    public async ValueTask InitializeAsync()
    {
        if (!File.Exists(_path))
        {
            return;
        }

        Assertions.SetDefaultExpectTimeout(60_000); // Many times what anything takes.
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = _path, Headless = true, Args = _arguments });
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }

    /// <summary>A page of its own, which keeps what goes wrong on it.</summary>
    public async Task<WatchedPage> Open(int width = 1440, int height = 1000, ColorScheme scheme = ColorScheme.Light, bool isPhone = false)
    {
        if (_browser is null)
        {
            var missing = $"{_path} is missing. Install it (apt-get install chromium), or say where it is in LIFERAFT_CHROMIUM.";
            Assert.SkipUnless(Environment.GetEnvironmentVariable("CI") == "true", missing);
            Assert.Fail(missing);
        }

        var context = await _browser.NewContextAsync(new()
        {
            ViewportSize = new() { Width = width, Height = height },
            ColorScheme = scheme,
            HasTouch = isPhone,
            IsMobile = isPhone,
            TimezoneId = "Europe/Berlin",
        });
        return new WatchedPage(context, await context.NewPageAsync());
    }
}
