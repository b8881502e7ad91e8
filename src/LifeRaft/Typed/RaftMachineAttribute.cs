namespace LifeRaft;

/// <summary>
/// The name under which a machine is registered and its groups are called, <c>{name}/…</c>. It stands on the machine's class, or on an
/// interface of it, which clients can reference without the machine.
/// </summary>
/// <param name="name">1 to 64 letters, digits, dots, underscores or hyphens. It is in the names of groups: it never changes.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Interface, Inherited = false)]
public sealed class RaftMachineAttribute(string name) : Attribute
{
    /// <summary>The name.</summary>
    public string Name { get; } = name;

    /// <summary>The name that a machine's class or interface bears.</summary>
    /// <exception cref="InvalidRequestException">It bears none, or two of its interfaces bear different ones.</exception>
    /// <exception cref="InvalidNameException">The name is malformed.</exception>
    internal static string NameOf(Type machine)
    {
        var names = new[] { machine }.Concat(machine.GetInterfaces())
            .Select(type => ((RaftMachineAttribute?)GetCustomAttribute(type, typeof(RaftMachineAttribute), inherit: false))?.Name)
            .OfType<string>().Distinct().ToList();
        if (names.Count != 1)
        {
            throw new InvalidRequestException(names.Count == 0
                ? $"{machine} has no name: put [RaftMachine(\"…\")] on it, or give the name itself (AddStateMachine<{machine.Name}>(\"name\"), GetRaft<{machine.Name}>(\"name/group\"))."
                : $"{machine} has several names, {string.Join(", ", names)}: leave one [RaftMachine] on it and its interfaces.");
        }

        NameRules.Require(names[0], "the machine", names[0]);
        return names[0];
    }
}
