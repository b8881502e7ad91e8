using System.Globalization;
using System.Text;

namespace LifeRaft.Cli;

/// <summary>
/// Text that others wrote, as a terminal may have it: on one line, and with nothing that moves the cursor, changes colours or turns the
/// direction. Keys and names of locks may hold all of that.
/// </summary>
internal static class TerminalText
{
    /// <summary>The text with <c>\n</c>, <c>\t</c>, <c>\x1b</c> and so on in the place of such characters; the same where there are none.</summary>
    public static string Of(string text)
    {
        if (!text.Any(IsUnsafe))
        {
            return text;
        }

        var shown = new StringBuilder(text.Length + 8);
        foreach (var character in text)
        {
            _ = character switch
            {
                '\n' => shown.Append("\\n"),
                '\r' => shown.Append("\\r"),
                '\t' => shown.Append("\\t"),
                _ when !IsUnsafe(character) => shown.Append(character),
                <= '\xff' => shown.Append(CultureInfo.InvariantCulture, $"\\x{(int)character:x2}"),
                _ => shown.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}"),
            };
        }

        return shown.ToString();
    }

    /// <summary>Control characters, separators of lines, and what turns the direction of the text around it.</summary>
    private static bool IsUnsafe(char character) =>
        char.IsControl(character) || character is '\u2028' or '\u2029' or (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069');
}
