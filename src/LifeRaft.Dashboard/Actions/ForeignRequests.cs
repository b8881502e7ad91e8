using Microsoft.AspNetCore.Http;

namespace LifeRaft.Dashboard;

/// <summary>
/// Tells requests that another site made a browser send, with the operator's cookies, from those of the page. A form can send neither
/// JSON nor a header of ours, and a script of another site can do so only after asking first, which nobody here answers.
/// </summary>
internal static class ForeignRequests
{
    /// <summary>A header that every action carries, whatever its value.</summary>
    public const string Header = "X-LifeRaft-Action";

    /// <summary>Why the request is refused, with the status to answer; null for none.</summary>
    public static (int Status, string Complaint)? Complaint(HttpRequest request)
    {
        if (!request.HasJsonContentType())
        {
            return (StatusCodes.Status415UnsupportedMediaType, "An action is sent as JSON: Content-Type: application/json.");
        }

        if (!request.Headers.ContainsKey(Header))
        {
            return (StatusCodes.Status403Forbidden, $"An action carries the header {Header}.");
        }

        // Browsers tell where a request comes from. What is no browser tells nothing, and has no operator's cookies.
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        var origin = request.Headers.Origin.ToString();
        var isOwn = site.Length > 0 ? site == "same-origin" : origin.Length == 0 || IsHost(origin, request.Host);
        return isOwn ? null : (StatusCodes.Status403Forbidden, $"An action is sent from the dashboard's own page, not from {(origin.Length > 0 ? origin : site)}.");
    }

    private static bool IsHost(string origin, HostString host) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri) && string.Equals(uri.Authority, host.Value, StringComparison.OrdinalIgnoreCase);
}
