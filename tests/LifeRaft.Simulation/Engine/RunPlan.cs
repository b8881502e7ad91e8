using System.Globalization;

namespace LifeRaft.Simulation;

/// <summary>What is to be run. The same plan gives the same run, to the last bit.</summary>
/// <param name="Seed">Where all chance comes from.</param>
internal sealed record RunPlan(int Seed)
{
    public PlantedBug Bug { get; init; }

    /// <summary>Decisions that are not carried out, by name: f7 is the seventh fault, m3 the third change of the membership.</summary>
    public IReadOnlySet<string> Without { get; init; } = new HashSet<string>();

    /// <summary>When the faults end; null for as long as the seed says.</summary>
    public TimeSpan? Until { get; init; }

    /// <summary>How many clients there are; null for as many as the seed says.</summary>
    public int? Clients { get; init; }

    /// <summary>The options of the command that runs it.</summary>
    public string Options()
    {
        var options = string.Create(CultureInfo.InvariantCulture, $"--seed {Seed}");
        options += Bug == PlantedBug.None ? "" : $" --bug {Bug}";
        options += Until is { } until ? string.Create(CultureInfo.InvariantCulture, $" --until {until.TotalMilliseconds:0}ms") : "";
        options += Clients is { } clients ? string.Create(CultureInfo.InvariantCulture, $" --clients {clients}") : "";
        options += Without.Count > 0 ? $" --without {string.Join(',', Ranges(Without))}" : "";
        return options;
    }

    /// <summary>Reads names like f3 and ranges like f5-9, with commas between them; null if the text is neither.</summary>
    public static IReadOnlySet<string>? ParseNames(string text)
    {
        var names = new HashSet<string>();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            var numbers = part.Length > 1 && part[0] is 'f' or 'm' ? part[1..].Split('-') : [];
            if (numbers.Length is not (1 or 2)
                || !int.TryParse(numbers[0], NumberStyles.None, CultureInfo.InvariantCulture, out var first)
                || !int.TryParse(numbers[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var last)
                || last - first is < 0 or > 100_000)
            {
                return null;
            }

            names.UnionWith(Enumerable.Range(first, last - first + 1).Select(number => Name(part[0], number)));
        }

        return names;
    }

    public static string Name(char kind, int number) => string.Create(CultureInfo.InvariantCulture, $"{kind}{number}");

    private static IEnumerable<string> Ranges(IEnumerable<string> names)
    {
        foreach (var kind in names.GroupBy(name => name[0]).OrderBy(group => group.Key))
        {
            var numbers = kind.Select(name => int.Parse(name.AsSpan(1), CultureInfo.InvariantCulture)).Order().ToList();
            for (var i = 0; i < numbers.Count; i++)
            {
                var first = i;
                while (i + 1 < numbers.Count && numbers[i + 1] == numbers[i] + 1)
                {
                    i++;
                }

                yield return i == first ? Name(kind.Key, numbers[i]) : string.Create(CultureInfo.InvariantCulture, $"{kind.Key}{numbers[first]}-{numbers[i]}");
            }
        }
    }
}
