using System.Globalization;

namespace LifeRaft;

/// <summary>Where a voter listens: a host, which may be a name, and a port.</summary>
/// <param name="Host">An address without brackets, or a name.</param>
/// <param name="Port">From 1 to 65535.</param>
internal readonly record struct VoterEndPoint(string Host, int Port)
{
    /// <summary>Reads <c>host:port</c>, <c>127.0.0.1:12111</c> or <c>[::1]:12111</c>.</summary>
    public static bool TryParse(string? text, out VoterEndPoint endPoint)
    {
        endPoint = default;
        var colon = text?.LastIndexOf(':') ?? -1;
        if (colon < 1 || !ushort.TryParse(text![(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port == 0)
        {
            return false;
        }

        var host = text[..colon];
        if (host.StartsWith('[') && host.EndsWith(']'))
        {
            host = host[1..^1];
        }
        else if (host.Contains(':', StringComparison.Ordinal))
        {
            return false; // An address of IPv6 whose last part was taken for the port.
        }

        endPoint = new VoterEndPoint(host, port);
        return Uri.CheckHostName(host) != UriHostNameType.Unknown;
    }

    /// <exception cref="FormatException">It is none; options are validated, so nobody sees this.</exception>
    public static VoterEndPoint Parse(string text) =>
        TryParse(text, out var endPoint) ? endPoint : throw new FormatException($"'{text}' is no 'host:port'.");

    public override string ToString() => Host.Contains(':', StringComparison.Ordinal)
        ? string.Create(CultureInfo.InvariantCulture, $"[{Host}]:{Port}")
        : string.Create(CultureInfo.InvariantCulture, $"{Host}:{Port}");
}
