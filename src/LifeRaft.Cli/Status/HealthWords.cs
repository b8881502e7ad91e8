using Spectre.Console;

namespace LifeRaft.Cli;

/// <summary>How a health is written and coloured. The words say the same without the colours.</summary>
internal static class HealthWords
{
    public static string Of(GroupHealth health) => health switch
    {
        GroupHealth.Healthy => "healthy",
        GroupHealth.Degraded => "degraded",
        GroupHealth.NoLeader => "no leader",
        _ => "no quorum",
    };

    /// <summary>A colour of Spectre.Console.</summary>
    public static string ColourOf(GroupHealth health) => health switch
    {
        GroupHealth.Healthy => "green",
        GroupHealth.Degraded => "yellow",
        _ => "red",
    };

    /// <summary>Writes lines of which the first is in the colour of the health; plainly and unbroken where nobody looks.</summary>
    public static void Write(TextWriter output, GroupHealth health, IReadOnlyList<string> lines)
    {
        if (!Terminal.Is(output))
        {
            foreach (var line in lines)
            {
                output.WriteLine(line);
            }

            return;
        }

        var console = Terminal.ConsoleOn(output);
        console.MarkupLineInterpolated($"[bold {ColourOf(health)}]{lines[0]}[/]");
        foreach (var line in lines.Skip(1))
        {
            console.WriteLine(line);
        }
    }
}
