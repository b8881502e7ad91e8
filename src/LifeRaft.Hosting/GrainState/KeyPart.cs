using System.Text;

namespace LifeRaft.Hosting;

/// <summary>Parts of keys that are made of names and ids.</summary>
internal static class KeyPart
{
    private static readonly UTF8Encoding _text = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>What is no text is written in hexadecimal, behind a mark that text has only escaped.</summary>
    public static string Text(IdSpan id)
    {
        try
        {
            return _text.GetString(id.AsSpan()).Replace("%", "%25", StringComparison.Ordinal);
        }
        catch (DecoderFallbackException)
        {
            return $"%x{Convert.ToHexString(id.AsSpan())}";
        }
    }

    /// <summary>The text without what separates parts and what marks other keys.</summary>
    public static string Escape(string part) => part
        .Replace("%", "%25", StringComparison.Ordinal)
        .Replace("/", "%2F", StringComparison.Ordinal)
        .Replace("#", "%23", StringComparison.Ordinal)
        .Replace("!", "%21", StringComparison.Ordinal);
}
