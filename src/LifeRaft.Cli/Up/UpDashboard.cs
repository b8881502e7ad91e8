using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace LifeRaft.Cli;

/// <summary>The dashboard of a cluster of <c>up</c>, on the loopback interface.</summary>
internal sealed class UpDashboard : IAsyncDisposable
{
    // Whoever reaches this address is somebody of this machine, who could as well use the tool.
    private const string EverybodyPolicy = "everybody of this machine";

    // A page of elsewhere whose name was bound to this address after it was loaded is, to its browser, of the same origin. Its name is not.
    private static readonly string[] _hosts = ["127.0.0.1", "localhost"];

    private readonly WebApplication _application;

    private UpDashboard(WebApplication application) => _application = application;

    /// <summary>Where a browser finds it.</summary>
    public string Url => _application.Urls.Single();

    /// <param name="grains">A silo of the cluster.</param>
    /// <param name="port">The port; 0 for a free one.</param>
    /// <param name="allowActions">Whether the page may change things.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<UpDashboard> Start(IGrainFactory grains, int port, bool allowActions, CancellationToken cancellationToken)
    {
        // Empty: no file beside the tool and no variable of ASP.NET's has a say.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, port);
        });
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.AddSingleton(grains);
        builder.Services.AddRouting();
        builder.Services.AddAuthorization(options => options.AddPolicy(EverybodyPolicy, policy => policy.RequireAssertion(_ => true)));
        var application = builder.Build();
        try
        {
            application.UseRouting();
            application.UseAuthorization();
            application.MapLifeRaftDashboard(configure: options =>
            {
                if (allowActions)
                {
                    options.AllowActions(EverybodyPolicy);
                }
            }).RequireHost(_hosts);
            await application.StartAsync(cancellationToken);
            return new UpDashboard(application);
        }
        catch (Exception failure)
        {
            await application.DisposeAsync();
            throw failure is IOException or SocketException
                ? new IOException($"The dashboard cannot listen on 127.0.0.1:{port} ({failure.Message}). Choose another port with --dashboard-port, 0 for a free one, or leave it out with --no-dashboard.")
                : failure;
        }
    }

    public async ValueTask DisposeAsync()
    {
        // Whoever watches the page holds a connection for ever.
        try
        {
            await _application.StopAsync(new CancellationToken(canceled: true));
        }
        catch (OperationCanceledException)
        {
            // It had no time; nothing is lost.
        }

        await _application.DisposeAsync();
    }
}
