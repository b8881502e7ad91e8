using Microsoft.Extensions.Options;

namespace LifeRaft.Reminders;

/// <summary>Refuses options that cannot work, with every problem at once.</summary>
internal sealed class LifeRaftRemindersOptionsValidator : IValidateOptions<LifeRaftRemindersOptions>
{
    public ValidateOptionsResult Validate(string? name, LifeRaftRemindersOptions options)
    {
        var problems = Problems(options).Select(problem => $"Reminders: {problem}").ToList();
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    private static IEnumerable<string> Problems(LifeRaftRemindersOptions options)
    {
        if (GroupName.ProblemOf($"{ReminderTable.Machine}/{options.Group}") is { } problem)
        {
            yield return $"Group: {problem}";
        }

        if (options.Members is not (1 or 3 or 5 or 7 or 9))
        {
            yield return $"Members must be 1, 3, 5, 7 or 9, but is {options.Members}: an even number survives no more losses than one less.";
        }

        if (options.Timeout is { } timeout && (timeout < TimeSpan.FromMilliseconds(1) || timeout > TimeSpan.FromDays(1)))
        {
            yield return $"Timeout must be from 1 ms to 1 d, but is {Duration.Format(timeout)}.";
        }
    }
}
