using System.CommandLine;
using System.CommandLine.Parsing;

namespace LifeRaft.Benchmarks;

/// <summary>Rules for what options may be.</summary>
internal static class OptionRules
{
    /// <summary>Whether an option was given and is not as it should be. Defaults are not there yet while a command is validated, and need no check.</summary>
    public static bool Breaks<T>(this CommandResult command, Option<T> option, Func<T, bool> isAsItShouldBe) =>
        command.GetResult(option) is { Implicit: false } given && given.GetValueOrDefault<T>() is { } value && !isAsItShouldBe(value);
}
