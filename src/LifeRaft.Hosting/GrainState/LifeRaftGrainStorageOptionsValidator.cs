using Microsoft.Extensions.Options;

namespace LifeRaft.Hosting;

/// <summary>Refuses options of a grain storage that cannot work, with every problem at once.</summary>
internal sealed class LifeRaftGrainStorageOptionsValidator : IValidateOptions<LifeRaftGrainStorageOptions>
{
    private const int MaximumGroups = 64;
    private const int MaximumPrefix = 60;

    public ValidateOptionsResult Validate(string? name, LifeRaftGrainStorageOptions options)
    {
        var problems = Problems(name ?? "", options).Select(problem => $"Grain storage '{name}': {problem}").ToList();
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    private static IEnumerable<string> Problems(string name, LifeRaftGrainStorageOptions options)
    {
        if (options.Groups is < 1 or > MaximumGroups)
        {
            yield return $"Groups must be from 1 to {MaximumGroups}, but is {options.Groups}.";
        }

        if (options.Members is not (1 or 3 or 5 or 7 or 9))
        {
            yield return $"Members must be 1, 3, 5, 7 or 9, but is {options.Members}: an even number survives no more losses than one less.";
        }

        var prefix = options.GroupPrefix ?? name;
        if (prefix.Length > MaximumPrefix || GroupName.ProblemOf($"{LifeRaftGrainStorage.Machine}/{prefix}-0") is not null)
        {
            yield return $"'{prefix}' cannot begin the names of groups: 1 to {MaximumPrefix} letters, digits, '.', '_' and '-' can. Set GroupPrefix.";
        }

        if (options.Timeout is { } timeout && (timeout < TimeSpan.FromMilliseconds(1) || timeout > TimeSpan.FromDays(1)))
        {
            yield return $"Timeout must be from 1 ms to 1 d, but is {Duration.Format(timeout)}.";
        }
    }
}
