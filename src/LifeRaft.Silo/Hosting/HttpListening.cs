using System.Net;
using Microsoft.AspNetCore.Http;

namespace LifeRaft.Silo;

/// <summary>The silo's web server.</summary>
internal static class HttpListening
{
    private static readonly string[] _ownNames = ["127.0.0.1", "localhost", "[::1]"];

    public static void Add(WebApplicationBuilder builder, SiloConfiguration configuration, SiloCertificate? certificate)
    {
        builder.Services.AddRouting();
        builder.Services.AddHostFiltering(filter => filter.AllowedHosts = [.. _ownNames, configuration.Http.Address.Host]);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(EndPointOf(configuration.Http), listen =>
            {
                if (configuration.Http.IsHttps)
                {
                    listen.UseHttps(https => (https.ServerCertificate, https.ServerCertificateChain) = (certificate!.Certificate, certificate.Intermediates));
                }
            });
        });
        if (configuration.Http.IsHttps)
        {
            builder.WebHost.UseKestrelHttpsConfiguration();
        }
    }

    /// <summary>
    /// Who is asked by this machine only answers to its own names: any site could have its name lead here, and read the page through its
    /// visitor's browser.
    /// </summary>
    public static void Guard(WebApplication application, HttpSettings http)
    {
        if (http.IsOfThisMachineOnly)
        {
            application.UseHostFiltering();
        }
    }

    /// <summary>Whether the host of a URL is one that can be listened on.</summary>
    public static bool IsAddress(string host) => AddressOf(host) is not null;

    public static IPEndPoint EndPointOf(HttpSettings http)
    {
        BindingAddress address = http.Address;
        return new IPEndPoint(AddressOf(address.Host)!, address.Port);
    }

    /// <summary>Where the silo itself is asked: an address for all addresses is none to connect to.</summary>
    public static Uri OwnUrl(HttpSettings http)
    {
        var endPoint = EndPointOf(http);
        var address = endPoint.Address switch
        {
            var any when any.Equals(IPAddress.Any) => IPAddress.Loopback,
            var any when any.Equals(IPAddress.IPv6Any) => IPAddress.IPv6Loopback,
            var one => one,
        };
        return new UriBuilder(http.Address.Scheme, address.ToString(), endPoint.Port).Uri;
    }

    private static IPAddress? AddressOf(string host) => host switch
    {
        "*" or "+" => IPAddress.Any,
        "localhost" => IPAddress.Loopback,
        _ => IPAddress.TryParse(host.Trim('[', ']'), out var address) ? address : null,
    };
}
