using System.Collections;
using System.Reflection;

namespace LifeRaft.Silo;

/// <summary>Which properties of a class are settings.</summary>
internal static class SettingProperties
{
    /// <summary>Those that a file can say: values, groups of them, and dictionaries; not what only code can give.</summary>
    public static IReadOnlyList<PropertyInfo> Of(Type type) => [.. type.GetProperties().Where(property => IsSetting(property.PropertyType))];

    /// <summary>Sets all settings of one to those of another: Orleans makes the objects that hold its options, and files are read before.</summary>
    public static void Copy<T>(T from, T to)
    {
        foreach (var property in Of(typeof(T)))
        {
            if (property.CanWrite)
            {
                property.SetValue(to, property.GetValue(from));
            }
            else if (property.GetValue(from) is IDictionary source && property.GetValue(to) is IDictionary target)
            {
                target.Clear();
                foreach (var key in source.Keys)
                {
                    target[key] = source[key];
                }
            }
        }
    }

    private static bool IsSetting(Type type) =>
        SettingText.CanRead(type)
        || typeof(IEnumerable).IsAssignableFrom(type)
        || (type.IsClass && !typeof(Delegate).IsAssignableFrom(type));
}
