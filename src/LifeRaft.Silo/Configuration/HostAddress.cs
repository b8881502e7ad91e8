using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace LifeRaft.Silo;

/// <summary>Reads addresses that may be written as numbers or as a name.</summary>
internal static class HostAddress
{
    /// <summary>The address, IPv4 first where a name has several.</summary>
    public static IPAddress Resolve(string text) =>
        TryResolve(text, out var address, out var problem) ? address : throw new FormatException($"'{text}', {problem}");

    /// <summary>The address and port of <c>{address}:{port}</c>.</summary>
    public static IPEndPoint ResolveEndPoint(string text) =>
        TryResolveEndPoint(text, out var endPoint, out var problem) ? endPoint : throw new FormatException($"'{text}', {problem}");

    public static bool TryResolve(string text, [NotNullWhen(true)] out IPAddress? address, [NotNullWhen(false)] out string? problem)
    {
        problem = null;
        if (IPAddress.TryParse(text, out address))
        {
            if (!address.Equals(IPAddress.Any) && !address.Equals(IPAddress.IPv6Any))
            {
                return true;
            }

            problem = "which nobody can connect to. Name one address of this machine.";
            return false;
        }

        try
        {
            var all = text.Length == 0 ? [] : Dns.GetHostAddresses(text);
            address = all.OrderBy(each => each.AddressFamily != AddressFamily.InterNetwork).FirstOrDefault();
        }
        catch (Exception failure) when (failure is SocketException or ArgumentException)
        {
            address = null;
        }

        problem = address is null ? "which is neither an IP address nor a host name that has one. Correct it, or make the name known." : null;
        return address is not null;
    }

    public static bool TryResolveEndPoint(string text, [NotNullWhen(true)] out IPEndPoint? endPoint, [NotNullWhen(false)] out string? problem)
    {
        endPoint = null;
        var colon = text.LastIndexOf(':');
        if (colon <= 0 || !int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port is < 1 or > IPEndPoint.MaxPort)
        {
            problem = "which is not of the form {address}:{port}. Write for instance '10.0.0.1:11111'.";
            return false;
        }

        if (!TryResolve(text[..colon].Trim('[', ']'), out var address, out problem))
        {
            return false;
        }

        endPoint = new IPEndPoint(address, port);
        return true;
    }
}
