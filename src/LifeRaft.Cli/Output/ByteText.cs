using System.Buffers;
using System.Text;

namespace LifeRaft.Cli;

/// <summary>Bytes as text, where they are text.</summary>
internal static class ByteText
{
    private const int LongestCharacter = 4;
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
        var isCut = bytes.Length > (long)most * LongestCharacter;
        if (isCut)
        {
            bytes = WithoutHalfCharacter(bytes[..(most * LongestCharacter)]); // No more than that can be shown.
        }

        var text = Of(bytes) is { } known && !known.Any(character => char.IsControl(character) && character is not ('\n' or '\r' or '\t'))
            ? TerminalText.Of(known.ReplaceLineEndings("\n"))
            : $"0x{Convert.ToHexStringLower(bytes)}";
        return !isCut && text.Length <= most ? text : $"{Beginning(text, most - 1)}…";
    }

    /// <summary>The bytes without the first ones of a character whose last ones are missing; bytes that are no text lose three at most.</summary>
    private static ReadOnlySpan<byte> WithoutHalfCharacter(ReadOnlySpan<byte> bytes)
    {
        for (var count = 1; count < LongestCharacter && count <= bytes.Length; count++)
        {
            if ((bytes[^count] & 0b1100_0000) != 0b1000_0000)
            {
                return Rune.DecodeFromUtf8(bytes[^count..], out _, out _) == OperationStatus.Done ? bytes : bytes[..^count];
            }
        }

        return bytes;
    }

    private static string Beginning(string text, int most) =>
        text.Length <= most ? text : text[..(char.IsHighSurrogate(text[most - 1]) ? most - 1 : most)];
}
