using System.Globalization;

namespace LifeRaft.Silo;

/// <summary>The values of settings as text.</summary>
internal static class SettingText
{
    /// <summary>Whether a setting of this type has one value, and not settings of its own.</summary>
    public static bool CanRead(Type type) =>
        type == typeof(string) || type == typeof(int) || type == typeof(long) || type == typeof(double) || type == typeof(bool) || type == typeof(TimeSpan) || type.IsEnum;

    /// <exception cref="FormatException">The text is no such value; the message names it and shows what is.</exception>
    public static object Read(string text, Type type) => type switch
    {
        _ when type == typeof(string) => text,
        _ when type == typeof(int) => SectionValue.Whole<int>(text),
        _ when type == typeof(long) => SectionValue.Whole<long>(text),
        _ when type == typeof(double) => SectionValue.Fraction(text),
        _ when type == typeof(bool) => SectionValue.Truth(text),
        _ when type == typeof(TimeSpan) => Duration.ParseSetting(text),
        _ => ReadName(text, type),
    };

    /// <summary>What <see cref="Read"/> reads back as the same.</summary>
    public static string Write(object value) => value switch
    {
        TimeSpan duration => Duration.Format(duration),
        bool truth => truth ? "true" : "false",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static object ReadName(string text, Type type)
    {
        var names = Enum.GetNames(type);
        var name = names.FirstOrDefault(each => string.Equals(each, text, StringComparison.OrdinalIgnoreCase));
        return name is null
            ? throw new FormatException($"'{text}' is none of {string.Join(", ", names)}. The nearest is '{NearestName.To(text, names)}'.")
            : Enum.Parse(type, name);
    }
}
