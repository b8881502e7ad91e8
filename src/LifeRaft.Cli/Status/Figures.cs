using System.Globalization;

namespace LifeRaft.Cli;

/// <summary>Figures as people read them: with as many digits as matter, and a dash for what is not known.</summary>
internal static class Figures
{
    public const string Unknown = "-";

    /// <summary>A number with separators between its thousands.</summary>
    public static string Of(long? number) => number?.ToString("N0", CultureInfo.InvariantCulture) ?? Unknown;

    /// <summary>So many per second, with a decimal where there are few.</summary>
    public static string PerSecond(double? rate) => rate is { } known ? known.ToString(known is > 0 and < 10 ? "0.0" : "N0", CultureInfo.InvariantCulture) : Unknown;

    /// <summary>A duration with two or three digits: <c>0.35 ms</c>, <c>42 ms</c>, <c>3.2 s</c>, <c>5 min</c>, <c>3 d</c>.</summary>
    public static string Of(TimeSpan? duration) => duration switch
    {
        null => Unknown,
        { TotalMilliseconds: > 0 and < 0.1 } value => Text(value.TotalMicroseconds, "0.#", "us"),
        { TotalMilliseconds: < 1 } value => Text(value.TotalMilliseconds, "0.##", "ms"),
        { TotalMilliseconds: < 10 } value => Text(value.TotalMilliseconds, "0.#", "ms"),
        { TotalMilliseconds: < 999.5 } value => Text(value.TotalMilliseconds, "0", "ms"),
        { TotalSeconds: < 10 } value => Text(value.TotalSeconds, "0.#", "s"),
        { TotalSeconds: < 90 } value => Text(value.TotalSeconds, "0", "s"),
        { TotalMinutes: < 90 } value => Text(value.TotalMinutes, "0", "min"),
        { TotalHours: < 36 } value => Text(value.TotalHours, "0", "h"),
        { } value => Text(value.TotalDays, "0", "d"),
    };

    /// <summary>For programs: milliseconds, to the microsecond.</summary>
    public static double? Milliseconds(TimeSpan? duration) => duration is { } known ? Math.Round(known.TotalMilliseconds, 3) : null;

    /// <summary>A number of things: <c>1 group</c>, <c>2 groups</c>.</summary>
    public static string Count(long number, string thing) => $"{Of(number)} {thing}{(number == 1 ? "" : "s")}";

    private static string Text(double number, string format, string unit) => $"{number.ToString(format, CultureInfo.InvariantCulture)} {unit}";
}
