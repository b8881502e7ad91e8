using System.Buffers;
using System.Globalization;

namespace LifeRaft;

/// <summary>
/// Durations as people write them: <c>10 ms</c>, <c>200 milliseconds</c>, <c>1.5 s</c>, <c>2 min</c>, and TimeSpan's own form with
/// colons, <c>00:00:01.5</c>. Letters of either case, a decimal point whatever the culture, never negative. A number alone means
/// milliseconds in a configuration, as in liferaft, and is an error on a command line.
/// </summary>
public static class Duration
{
    private const string Examples = "Write for instance '150 ms', '1.5 s', '2 min' or '00:00:01.5'.";

    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789.");

    // The first word of a unit is the one that Format writes. Decimals: how many it writes before it prefers the next smaller unit.
    private static readonly (long Ticks, int Decimals, string[] Words)[] Units =
    [
        (TimeSpan.TicksPerDay, 1, ["d", "day", "days"]),
        (TimeSpan.TicksPerHour, 1, ["h", "hr", "hrs", "hour", "hours"]),
        (TimeSpan.TicksPerMinute, 1, ["min", "m", "mins", "minute", "minutes"]),
        (TimeSpan.TicksPerSecond, 3, ["s", "sec", "secs", "second", "seconds"]),
        (TimeSpan.TicksPerMillisecond, 3, ["ms", "msec", "msecs", "millisecond", "milliseconds"]),
        // The sign for micro is in Unicode twice; upper case, both are the Greek letter.
        (TimeSpan.TicksPerMicrosecond, 1, ["us", "\u00b5s", "\u03bcs", "microsecond", "microseconds"]),
    ];

    /// <summary>Reads a duration from a configuration, where a number alone means milliseconds. Rounds to 100 ns.</summary>
    /// <exception cref="FormatException">It is none; the message names it and shows what is.</exception>
    public static TimeSpan ParseSetting(string? text) => Parse(text, ticksOfBareNumber: TimeSpan.TicksPerMillisecond);

    /// <summary>Reads a duration from a command line, where a number needs its unit. Rounds to 100 ns.</summary>
    /// <exception cref="FormatException">It is none, or has no unit; the message names it and shows what is.</exception>
    public static TimeSpan ParseArgument(string? text) => Parse(text, ticksOfBareNumber: null);

    /// <summary>
    /// Writes a duration in the largest unit that needs few decimals: <c>150 ms</c>, <c>1.5 s</c>, <c>2 min</c>. Both parsers read it
    /// back as exactly the same, unless it is negative.
    /// </summary>
    public static string Format(TimeSpan duration)
    {
        var ticks = Math.Abs((decimal)duration.Ticks);
        var sign = duration < TimeSpan.Zero ? "-" : "";
        foreach (var unit in Units)
        {
            var number = ticks / unit.Ticks;
            if (number >= 1 && number == Math.Round(number, unit.Decimals))
            {
                return string.Create(CultureInfo.InvariantCulture, $"{sign}{number:0.###} {unit.Words[0]}");
            }
        }

        return ticks == 0 ? "0 s" : string.Create(CultureInfo.InvariantCulture, $"{sign}{ticks / TimeSpan.TicksPerMicrosecond:0.#} us");
    }

    private static TimeSpan Parse(string? text, long? ticksOfBareNumber)
    {
        var trimmed = (text ?? "").Trim();
        if (trimmed.Length == 0)
        {
            throw Problem(text, "is empty");
        }

        if (trimmed[0] == '-')
        {
            throw Problem(text, "is negative");
        }

        return trimmed.Contains(':', StringComparison.Ordinal) ? ParseColons(text, trimmed) : ParseNumber(text, trimmed, ticksOfBareNumber);
    }

    private static TimeSpan ParseColons(string? text, string trimmed) =>
        TimeSpan.TryParseExact(trimmed, "c", CultureInfo.InvariantCulture, out var duration)
            ? duration
            : throw Problem(text, "has colons, but is not of the form [days.]hours:minutes[:seconds[.fraction]] with hours up to 23");

    private static TimeSpan ParseNumber(string? text, string trimmed, long? ticksOfBareNumber)
    {
        var end = trimmed.AsSpan().IndexOfAnyExcept(NumberCharacters);
        var digits = end < 0 ? trimmed : trimmed[..end];
        var word = end < 0 ? "" : trimmed[end..].TrimStart();
        if (digits.Count(character => character == '.') > 1 || !digits.Any(char.IsAsciiDigit))
        {
            throw Problem(text, "does not begin with a number");
        }

        var ticks = word.Length == 0
            ? ticksOfBareNumber ?? throw Problem(text, "has no unit; add one, for instance 'ms' or 's'")
            : TicksOf(word) ?? throw Problem(text, $"has the unit '{word}', which is none of us, ms, s, min, h, d");

        // The number itself can be too large for a decimal, and the product for a TimeSpan.
        return decimal.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            && number <= (decimal)long.MaxValue / ticks
            ? new TimeSpan((long)Math.Round(number * ticks))
            : throw Problem(text, $"is longer than the longest duration, {Format(TimeSpan.FromDays(TimeSpan.MaxValue.Days))}");
    }

    private static long? TicksOf(string word)
    {
        foreach (var unit in Units)
        {
            if (unit.Words.Contains(word, StringComparer.OrdinalIgnoreCase))
            {
                return unit.Ticks;
            }
        }

        return null;
    }

    private static FormatException Problem(string? text, string problem) => new($"'{text}' is no duration: it {problem}. {Examples}");
}
