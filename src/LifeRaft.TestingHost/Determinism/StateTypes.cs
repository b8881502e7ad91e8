using System.Collections;
using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Reflection;

namespace LifeRaft.TestingHost;

/// <summary>Walks through the types of a state, and finds the collections that have no defined order.</summary>
internal sealed class StateTypes
{
    // What is enumerated as its hash table lies, or may be. Ordered and sorted ones are not among them.
    private static readonly Type[] _maps =
    [
        typeof(Dictionary<,>), typeof(ConcurrentDictionary<,>), typeof(ImmutableDictionary<,>), typeof(FrozenDictionary<,>),
        typeof(IDictionary<,>), typeof(IReadOnlyDictionary<,>), typeof(IImmutableDictionary<,>), typeof(Hashtable), typeof(IDictionary),
    ];

    private static readonly Type[] _sets =
    [
        typeof(HashSet<>), typeof(ImmutableHashSet<>), typeof(FrozenSet<>), typeof(ISet<>), typeof(IReadOnlySet<>), typeof(IImmutableSet<>),
    ];

    private readonly HashSet<Type> _seen = [];
    private readonly List<string> _problems = [];

    public IReadOnlyList<string> ProblemsOf(Type state)
    {
        Walk(state, state.Name);
        return _problems;
    }

    private void Walk(Type type, string path)
    {
        var definition = type.IsGenericType ? type.GetGenericTypeDefinition() : type;
        var (isMap, isSet) = (_maps.Contains(definition), _sets.Contains(definition));
        if (isMap || isSet)
        {
            _problems.Add($"{path} is a {Name(type)}: {Why(type)} Use an {(isMap ? "ImmutableSortedDictionary" : "ImmutableSortedSet")}{(KeyOf(type) == typeof(string) ? " with StringComparer.Ordinal" : "")}.");
        }

        if (!_seen.Add(type))
        {
            return;
        }

        if (type.GetElementType() is { } element)
        {
            Walk(element, $"{path}[]");
        }

        // Of other generic types the fields say more.
        foreach (var argument in IsFrameworks(type) ? type.GetGenericArguments() : [])
        {
            Walk(argument, $"{path}<{Name(argument)}>");
        }

        foreach (var field in FieldsOf(type))
        {
            Walk(field.FieldType, $"{path}.{MemberOf(field)}");
        }
    }

    /// <summary>The fields of a type that is not the framework's, and of its bases.</summary>
    public static IEnumerable<FieldInfo> FieldsOf(Type type)
    {
        for (var declaring = type; declaring is not null && !IsFrameworks(declaring); declaring = declaring.BaseType)
        {
            foreach (var field in declaring.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            {
                yield return field;
            }
        }
    }

    public static bool IsFrameworks(Type type) =>
        type.IsPrimitive || (type.Namespace is { } space && (space == "System" || space.StartsWith("System.", StringComparison.Ordinal)));

    /// <summary>The property, where the field is one's that the compiler has made.</summary>
    public static string MemberOf(FieldInfo field) =>
        field.Name.StartsWith('<') && field.Name.IndexOf('>', StringComparison.Ordinal) is var end and > 1 ? field.Name[1..end] : field.Name;

    private static string Why(Type type) => KeyOf(type) == typeof(string) || KeyOf(type) == typeof(object)
        ? "strings have other hashes in each process, so each enumerates it in another order."
        : type.IsInterface ? "what implements it may have no defined order."
        : "its order follows hashes, or what was added and removed before, and is another one after a snapshot.";

    private static Type? KeyOf(Type type) => type.IsGenericType ? type.GetGenericArguments()[0] : typeof(object);

    private static string Name(Type type) => type.IsGenericType
        ? $"{type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>"
        : type.Name;
}
