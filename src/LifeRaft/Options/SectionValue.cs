using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace LifeRaft;

/// <summary>Reads the values of a configuration section; durations are <see cref="Duration"/>'s.</summary>
internal static class SectionValue
{
    /// <summary>Hands the value over, and returns what is wrong with it.</summary>
    public static IEnumerable<string> Problems(IConfigurationSection setting, Action<string> set)
    {
        if (setting.Value is null)
        {
            return [$"{setting.Path} has no single value. Give it one, or remove it to keep what it is without."];
        }

        try
        {
            set(setting.Value);
            return [];
        }
        catch (FormatException failure)
        {
            return [$"{setting.Path}: {failure.Message}"];
        }
    }

    public static T Whole<T>(string text)
        where T : System.Numerics.IBinaryInteger<T>, System.Numerics.IMinMaxValue<T> =>
        T.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new FormatException($"'{text}' is no whole number up to {T.MaxValue}. Write digits only, for instance '1048576'; sizes are in bytes.");

    public static double Fraction(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new FormatException($"'{text}' is no number. Write it with a decimal point, for instance '0.8'.");

    public static bool Truth(string text) =>
        bool.TryParse(text, out var truth) ? truth : throw new FormatException($"'{text}' is neither 'true' nor 'false'.");
}
