using System.Text;

namespace LifeRaft.Cli;

/// <summary>Bytes as text, where they are text.</summary>
internal static class ByteText
{
    private static readonly UTF8Encoding _strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The text, or null if the bytes are not UTF-8.</summary>
    public static string? Of(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return _strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    /// <summary>The text on one line if it can be shown, else hexadecimal digits after <c>0x</c>; cut, with dots, after so many characters.</summary>
    public static string Show(ReadOnlySpan<byte> bytes, int most)
    {
        if (bytes.Length > (long)most * 4)
        {
            bytes = bytes[..(most * 4)]; // No more than that can be shown; a character that is cut in two is not.
            while (bytes.Length > 0 && (bytes[^1] & 0x80) != 0)
            {
                bytes = bytes[..^1];
            }
        }

        var text = Of(bytes) is { } known && !known.Any(character => char.IsControl(character) && character is not ('\n' or '\r' or '\t'))
            ? known.ReplaceLineEndings("\\n").Replace("\t", "\\t", StringComparison.Ordinal)
            : $"0x{Convert.ToHexStringLower(bytes)}";
        return text.Length <= most ? text : $"{text[..(most - 1)]}…";
    }
}
