using System.Diagnostics;
using System.Reflection;
using System.Reflection.Emit;
using System.Security.Cryptography;

namespace LifeRaft.TestingHost;

/// <summary>
/// Reads the code of a machine and names the calls that would explain why its replays part: clocks, random numbers, ids, and static
/// variables that are written. It follows calls within the machine's assembly, and none through interfaces or delegates from elsewhere.
/// </summary>
internal sealed class Suspects
{
    private static readonly Dictionary<int, OpCode> _codes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => code.Value & 0xFFFF);

    private static readonly HashSet<Type> _clocksAndChance = [typeof(Stopwatch), typeof(Random), typeof(RandomNumberGenerator), typeof(TimeProvider), typeof(Environment)];

    private readonly Assembly _assembly;
    private readonly HashSet<MethodBase> _seen = [];
    private readonly Queue<MethodBase> _toRead = new();
    private readonly SortedSet<string> _found = new(StringComparer.Ordinal);

    private Suspects(Assembly assembly) => _assembly = assembly;

    public static IReadOnlyCollection<string> Of(Type machine)
    {
        var suspects = new Suspects(machine.Assembly);
        suspects.AddMethodsOf(machine);
        while (suspects._toRead.TryDequeue(out var method))
        {
            suspects.Read(method);
        }

        return suspects._found;
    }

    private void AddMethodsOf(Type type)
    {
        const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;
        for (var declaring = type; declaring is not null && declaring.Assembly == _assembly; declaring = declaring.BaseType)
        {
            foreach (var method in declaring.GetMethods(All).Concat<MethodBase>(declaring.GetConstructors(All)))
            {
                Add(method);
            }
        }
    }

    private void Add(MethodBase method)
    {
        // The initialiser of static variables writes them, which is no sign of anything.
        if (method.DeclaringType?.Assembly == _assembly && method is not ConstructorInfo { IsStatic: true } && _seen.Add(method))
        {
            _toRead.Enqueue(method);
        }
    }

    private void Read(MethodBase method)
    {
        var code = method.GetMethodBody()?.GetILAsByteArray() ?? [];
        for (var at = 0; at < code.Length;)
        {
            var value = code[at] == 0xFE ? 0xFE00 | code[at + 1] : code[at];
            if (!_codes.TryGetValue(value, out var operation))
            {
                return;
            }

            at += operation.Size;
            if (operation.OperandType is OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineTok)
            {
                Look(method, operation, BitConverter.ToInt32(code, at));
            }

            at += operation.OperandType == OperandType.InlineSwitch ? sizeof(int) * (1 + BitConverter.ToInt32(code, at)) : OperandBytes(operation.OperandType);
        }
    }

    private void Look(MethodBase method, OpCode operation, int token)
    {
        var member = Resolve(method, token);
        if (member is FieldInfo field && operation == OpCodes.Stsfld && !field.Name.StartsWith('<'))
        {
            _found.Add($"{NameOf(method)} writes the static variable {field.DeclaringType?.Name}.{field.Name}");
        }
        else if (member is MethodBase called && IsSuspect(called))
        {
            _found.Add($"{NameOf(method)} calls {called.DeclaringType?.Name}.{called.Name.Replace("get_", "", StringComparison.Ordinal)}");
        }
        else if (member is MethodBase followed)
        {
            Add(followed);
        }
    }

    private static MemberInfo? Resolve(MethodBase method, int token)
    {
        try
        {
            var ofType = method.DeclaringType is { IsGenericType: true } type ? type.GetGenericArguments() : null;
            return method.Module.ResolveMember(token, ofType, method.IsGenericMethod ? method.GetGenericArguments() : null);
        }
        catch (Exception failure) when (failure is ArgumentException or BadImageFormatException or FileNotFoundException)
        {
            return null;
        }
    }

    private static bool IsSuspect(MethodBase called) => called.DeclaringType is { } type && (
        _clocksAndChance.Contains(type)
        || (type == typeof(Guid) && called.Name is nameof(Guid.NewGuid) or nameof(Guid.CreateVersion7))
        || ((type == typeof(DateTime) || type == typeof(DateTimeOffset)) && called.Name is "get_Now" or "get_UtcNow" or "get_Today"));

    /// <summary>A lambda is called by the name of the method that it stands in.</summary>
    private static string NameOf(MethodBase method)
    {
        var type = method.DeclaringType;
        while (type is { IsNested: true } && type.Name.StartsWith('<'))
        {
            type = type.DeclaringType;
        }

        var name = method.Name.StartsWith('<') ? method.Name[1..method.Name.IndexOf('>', StringComparison.Ordinal)] : method.Name;
        return $"{type?.Name}.{name.TrimStart('.')}";
    }

    private static int OperandBytes(OperandType type) => type switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        _ => 4,
    };
}
