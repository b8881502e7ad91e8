using System.Collections;
using System.Reflection;

namespace LifeRaft.Silo;

/// <summary>Which properties of a class are settings.</summary>
internal static class SettingProperties
{
    /// <summary>Those that a file can say: values, groups of them, and dictionaries; not what only code can give.</summary>
    public static IReadOnlyList<PropertyInfo> Of(Type type) => [.. type.GetProperties().Where(property => IsSetting(property.PropertyType))];

    private static bool IsSetting(Type type) =>
        SettingText.CanRead(type)
        || typeof(IEnumerable).IsAssignableFrom(type)
        || (type.IsClass && !typeof(Delegate).IsAssignableFrom(type));
}
