using System.Net;
using Microsoft.AspNetCore.Http;

namespace LifeRaft.Silo;

/// <summary>Where health, metrics and the dashboard are served.</summary>
public sealed class HttpSettings
{
    /// <summary>The address to listen on.</summary>
    /// <value>
    /// <c>http://{address}:{port}</c> or https, which needs the Tls section; the address is an IP address, <c>localhost</c>, or <c>*</c> for all
    /// of the machine; <c>http://127.0.0.1:8080</c> by default, which only this machine reaches.
    /// </value>
    public string Url { get; set; } = "http://127.0.0.1:8080";

    internal BindingAddress Address => BindingAddress.Parse(Url);

    internal bool IsOfThisMachineOnly => IPAddress.IsLoopback(HttpListening.EndPointOf(this).Address);

    internal bool IsHttps => Address.Scheme == Uri.UriSchemeHttps;

    internal IEnumerable<SettingProblem> Problems()
    {
        var problem = ProblemOf(Url);
        return problem is null ? [] : [new SettingProblem("Http:Url", $"is '{Url}', which {problem}. Write for instance 'http://127.0.0.1:8080' or 'http://*:8080'.")];
    }

    internal IEnumerable<SettingProblem> ProblemsWith(TlsSettings tls) => ProblemOf(Url) is null && IsHttps && !tls.IsEnabled
        ? [new SettingProblem("Http:Url", $"is '{Url}', but there is no certificate. Set Tls:CertificateFile, or write http.")]
        : [];

    internal IEnumerable<SettingProblem> ProblemsWith(DashboardSettings dashboard) =>
        dashboard.AllowsActions && ProblemOf(Url) is null && !IsHttps && !IsOfThisMachineOnly
            ? [new SettingProblem("Dashboard:OperatorTokenFile", $"is set, but Http:Url is '{Url}': the token would cross the network for all to read. Set Tls:CertificateFile and write https, or listen on 127.0.0.1, or remove this: then the page changes nothing.")]
            : [];

    private static string? ProblemOf(string url)
    {
        BindingAddress address;
        try
        {
            address = BindingAddress.Parse(url);
        }
        catch (FormatException)
        {
            return "is no URL";
        }

        return address switch
        {
            _ when address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps => "begins with neither http:// nor https://",
            _ when address.Port is < 1 or > 65535 => "has no port from 1 to 65535",
            _ when address.PathBase.Length > 0 => "has a path",
            _ when !HttpListening.IsAddress(address.Host) => $"names '{address.Host}', which is no address of this machine",
            _ => null,
        };
    }
}
