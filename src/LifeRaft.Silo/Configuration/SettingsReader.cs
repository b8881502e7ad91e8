using System.Collections;
using Microsoft.Extensions.Configuration;

namespace LifeRaft.Silo;

/// <summary>
/// Sets the properties of a tree of settings from a configuration whose keys are their names. It differs from .NET's own binder in three
/// points: durations are <see cref="Duration"/>'s, a key that is none is a problem, and all problems are found.
/// </summary>
internal static class SettingsReader
{
    /// <summary>Sets what the configuration names, leaves the rest as it is, and returns what could not be set.</summary>
    public static IReadOnlyList<SettingProblem> Read(IConfiguration configuration, object target)
    {
        var problems = new List<SettingProblem>();
        ReadSection(configuration, "", target, problems);
        return problems;
    }

    private static void ReadSection(IConfiguration section, string path, object target, List<SettingProblem> problems)
    {
        var properties = SettingProperties.Of(target.GetType());
        foreach (var setting in section.GetChildren())
        {
            var property = properties.FirstOrDefault(each => string.Equals(each.Name, setting.Key, StringComparison.OrdinalIgnoreCase));
            if (property is null)
            {
                var of = path.Length == 0 ? "of a silo" : $"of {path}";
                problems.Add(new SettingProblem(setting.Path, $"is no setting {of}. The nearest is '{NearestName.To(setting.Key, properties.Select(each => each.Name))}'; correct or remove it."));
            }
            else if (SettingText.CanRead(property.PropertyType))
            {
                ReadValue(setting, property.PropertyType, value => property.SetValue(target, value), problems);
            }
            else
            {
                ReadGroup(setting, $"{(path.Length == 0 ? "" : path + ":")}{property.Name}", property.GetValue(target)!, problems);
            }
        }
    }

    private static void ReadGroup(IConfigurationSection section, string path, object target, List<SettingProblem> problems)
    {
        if (section.Value is { Length: > 0 })
        {
            // What was written is not repeated: it may be a connection string whose last part was forgotten in the name.
            problems.Add(new SettingProblem(section.Path, "is a text, but has settings of its own. Write an object, { ... }, or name one of them."));
        }
        else if (target is IDictionary dictionary)
        {
            ReadDictionary(section, dictionary, problems);
        }
        else
        {
            ReadSection(section, path, target, problems);
        }
    }

    private static void ReadDictionary(IConfigurationSection section, IDictionary dictionary, List<SettingProblem> problems)
    {
        var type = dictionary.GetType().GetGenericArguments()[1];
        foreach (var entry in section.GetChildren())
        {
            if (SettingText.CanRead(type))
            {
                ReadValue(entry, type, value => dictionary[entry.Key] = value, problems);
            }
            else
            {
                var value = Activator.CreateInstance(type)!;
                dictionary[entry.Key] = value;
                ReadGroup(entry, entry.Path, value, problems);
            }
        }
    }

    private static void ReadValue(IConfigurationSection setting, Type type, Action<object> set, List<SettingProblem> problems)
    {
        if (setting.Value is null)
        {
            problems.Add(new SettingProblem(setting.Path, "has no single value. Give it one, or remove it to keep its default."));
            return;
        }

        try
        {
            set(SettingText.Read(setting.Value, type));
        }
        catch (FormatException failure)
        {
            problems.Add(new SettingProblem(setting.Path, $"cannot be read: {failure.Message}"));
        }
    }
}
