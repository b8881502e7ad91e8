using System.Collections;
using System.Collections.Immutable;
using System.Reflection;

namespace LifeRaft.TestingHost;

/// <summary>Finds the sorted collections of a state that sort their strings by the culture of the process.</summary>
internal sealed class SortedByCulture
{
    private static readonly Type[] _sorted = [typeof(ImmutableSortedDictionary<,>), typeof(ImmutableSortedSet<>), typeof(SortedDictionary<,>), typeof(SortedSet<>)];
    private readonly HashSet<object> _seen = new(ReferenceEqualityComparer.Instance);
    private readonly List<string> _problems = [];

    public IReadOnlyList<string> ProblemsOf(object state)
    {
        Walk(state, state.GetType().Name);
        return _problems;
    }

    private void Walk(object? value, string path)
    {
        if (value is null or string || value.GetType().IsPrimitive || !_seen.Add(value))
        {
            return;
        }

        var type = value.GetType();
        if (type.IsGenericType && _sorted.Contains(type.GetGenericTypeDefinition()))
        {
            if (type.GetGenericArguments()[0] == typeof(string) && !IsOrdinal(value))
            {
                _problems.Add($"{path} sorts its strings by the culture of the process: create it with StringComparer.Ordinal.");
            }

            foreach (var item in (IEnumerable)value)
            {
                Walk(item, $"{path}[]");
            }
        }
        else if (!StateTypes.IsFrameworks(type))
        {
            foreach (var field in StateTypes.FieldsOf(type))
            {
                Walk(field.GetValue(value), $"{path}.{StateTypes.MemberOf(field)}");
            }
        }
    }

    private static bool IsOrdinal(object collection)
    {
        var type = collection.GetType();
        var comparer = (type.GetProperty("KeyComparer") ?? type.GetProperty("Comparer"))?.GetValue(collection);
        return ReferenceEquals(comparer, StringComparer.Ordinal) || ReferenceEquals(comparer, StringComparer.OrdinalIgnoreCase);
    }
}
