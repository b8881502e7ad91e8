using System.Globalization;
using System.Text.RegularExpressions;

namespace LifeRaft.Docker.Tests;

/// <summary>Durations as Docker, Compose and Prometheus write them: <c>1m30s</c>.</summary>
internal static partial class GoDuration
{
    public static TimeSpan Parse(string text)
    {
        if (!Whole().IsMatch(text))
        {
            throw new FormatException($"'{text}' is no duration of Docker's, for instance 1m30s.");
        }

        return Part().Matches(text).Aggregate(TimeSpan.Zero, (sum, part) => sum + Unit(part.Groups["unit"].Value) * int.Parse(part.Groups["number"].Value, CultureInfo.InvariantCulture));
    }

    private static TimeSpan Unit(string unit) => unit switch
    {
        "ms" => TimeSpan.FromMilliseconds(1),
        "s" => TimeSpan.FromSeconds(1),
        "m" => TimeSpan.FromMinutes(1),
        _ => TimeSpan.FromHours(1),
    };

    [GeneratedRegex(@"^(\d+(ms|s|m|h))+$")]
    private static partial Regex Whole();

    [GeneratedRegex(@"(?<number>\d+)(?<unit>ms|s|m|h)")]
    private static partial Regex Part();
}
