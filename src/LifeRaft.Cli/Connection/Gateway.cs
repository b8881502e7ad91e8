using System.Globalization;

namespace LifeRaft.Cli;

/// <summary>The gateway of a silo, as it is written: <c>host</c> or <c>host:port</c>, the host a name or an address, an IPv6 address with a port in brackets.</summary>
internal sealed record Gateway(string Host, int Port)
{
    /// <summary>The port of a gateway where none is written.</summary>
    public const int UsualPort = 30_000;

    /// <exception cref="FormatException">It is none; the message names it and shows what is.</exception>
    public static Gateway Parse(string text)
    {
        var trimmed = text.Trim();
        var colon = trimmed.LastIndexOf(':');
        var hasPort = colon > 0 && (trimmed[colon - 1] == ']' || trimmed.IndexOf(':', StringComparison.Ordinal) == colon);
        var host = (hasPort ? trimmed[..colon] : trimmed).TrimStart('[').TrimEnd(']');
        var port = UsualPort;
        var isGood = host.Length > 0 && Uri.CheckHostName(host) != UriHostNameType.Unknown
            && (!hasPort || (int.TryParse(trimmed[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is > 0 and <= ushort.MaxValue));
        return isGood ? new Gateway(host, port) : throw new FormatException($"'{text}' is no gateway. Write for instance '127.0.0.1:{UsualPort}', 'silo-1.example:{UsualPort}' or '[::1]:{UsualPort}'.");
    }

    /// <inheritdoc/>
    public override string ToString() => Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}
