using Microsoft.Extensions.Options;

namespace LifeRaft.Hosting;

/// <summary>Refuses to start a silo that declares a group whose state machine nobody registered: it could never be founded.</summary>
internal sealed class DeclaredMachines(IEnumerable<MachineRegistration> machines) : IValidateOptions<RaftOptions>
{
    public ValidateOptionsResult Validate(string? name, RaftOptions options)
    {
        var registered = machines.Select(machine => machine.Name).Distinct().Order(StringComparer.Ordinal).ToList();
        var problems = options.Groups.Keys
            .Where(group => GroupName.ProblemOf(group) is null && !registered.Contains(GroupName.Parse(group).Machine))
            .Select(group => $"{nameof(RaftOptions)}.{nameof(RaftOptions.Groups)}: '{group}' needs a state machine registered as '{GroupName.Parse(group).Machine}'. Registered are: {(registered.Count == 0 ? "none" : string.Join(", ", registered))}. Add it with AddLifeRaft(raft => raft.AddStateMachine(...)), or correct the name.")
            .ToList();
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }
}
