using System.Runtime.CompilerServices;

namespace LifeRaft.Simulation;

/// <summary>
/// What happened, in order: always as a hash, by which two runs of one seed are compared, and as text for whoever replays a seed.
/// </summary>
internal sealed class Trace(EventQueue queue, TextWriter? text)
{
    private const ulong Prime = 1099511628211UL;

    public ulong Hash { get; private set; } = 14695981039346656037UL;

    /// <summary>Whether anybody reads it. Ask before composing a text.</summary>
    public bool IsRead => text is not null;

    /// <summary>Takes numbers that say what happened.</summary>
    public void Note(int what, long first, long second = 0, long third = 0)
    {
        Mix(queue.Now.Ticks);
        Mix(what);
        Mix(first);
        Mix(second);
        Mix(third);
    }

    /// <summary>Takes a text; it is part of the hash too, so say only what is the same in every run.</summary>
    public void Say(string line, [CallerLineNumber] int what = 0)
    {
        Note(what, line.Length);
        foreach (var letter in line)
        {
            Mix(letter);
        }

        Show(line);
    }

    /// <summary>Shows a text that is not part of the hash.</summary>
    public void Show(string line) => text?.WriteLine($"{queue.Now.TotalSeconds,12:0.000000}  {line}");

    private void Mix(long value) => Hash = unchecked((Hash ^ (ulong)value) * Prime);
}
