namespace LifeRaft.Simulation;

/// <summary>Something bad, or a change of the membership, that a run decided upon.</summary>
/// <param name="Name">By which it can be left out: f7, m3.</param>
/// <param name="At">When, in virtual time.</param>
/// <param name="What">What it was.</param>
internal sealed record Decision(string Name, TimeSpan At, string What);

/// <summary>
/// What the run decides upon, numbered. Each decision has chance of its own, so leaving one out does not change what the others are:
/// a failure can be looked at with fewer and fewer of them.
/// </summary>
internal sealed class Schedule(RunPlan plan, EventQueue queue)
{
    private readonly List<Decision> _taken = [];
    private readonly Dictionary<char, int> _numbers = [];

    /// <summary>What was decided and carried out, in order.</summary>
    public IReadOnlyList<Decision> Taken => _taken;

    /// <summary>The next decision of a kind: its name, and its chance.</summary>
    public (string Name, Chance Chance) Next(char kind)
    {
        var number = _numbers[kind] = _numbers.GetValueOrDefault(kind) + 1;
        return (RunPlan.Name(kind, number), new Chance(Mix(plan.Seed, kind, number)));
    }

    /// <summary>Whether it is to be carried out; if so, it is remembered.</summary>
    public bool Takes(string name, string what)
    {
        if (plan.Without.Contains(name))
        {
            return false;
        }

        _taken.Add(new Decision(name, queue.Now, what));
        return true;
    }

    private static int Mix(int seed, char kind, int number)
    {
        var mixed = unchecked(((ulong)(uint)seed << 32) ^ ((ulong)kind << 24) ^ (uint)number);
        mixed = unchecked((mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9UL);
        mixed = unchecked((mixed ^ (mixed >> 27)) * 0x94d049bb133111ebUL);
        return unchecked((int)((mixed ^ (mixed >> 31)) & int.MaxValue));
    }
}
