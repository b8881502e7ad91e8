using System.Diagnostics;
using System.Globalization;

namespace LifeRaft.TestSilo;

/// <summary>
/// What a client of locks writes down of itself, when it happens. The moments are those of the machine's monotonic clock, which all
/// processes share: what several of them wrote can be put in order.
/// </summary>
/// <param name="Kind">What happened.</param>
/// <param name="Lock">The lock, or the election.</param>
/// <param name="Client">Who: its process and what it does there, <c>silo-1/contender</c>.</param>
/// <param name="Token">The fencing token; 0 for none.</param>
/// <param name="Asked">When it asked for the lock.</param>
/// <param name="At">When it happened.</param>
/// <param name="Text">Who is seen to lead, or what is surprising.</param>
public readonly record struct LockEvent(LockEventKind Kind, string Lock, string Client, long Token, TimeSpan Asked, TimeSpan At, string Text = "")
{
    private const string Prefix = "lock ";
    private const int Parts = 7;

    /// <summary>The machine's monotonic clock.</summary>
    public static TimeSpan Now => Stopwatch.GetElapsedTime(0);

    /// <summary>Reads what <see cref="ToString"/> wrote; false if the line is something else, or only its beginning.</summary>
    public static bool TryParse(string line, out LockEvent found)
    {
        found = default;
        if (!line.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return false;
        }

        var parts = line[Prefix.Length..].Split(' ', Parts);
        if (parts.Length < Parts)
        {
            return false; // The last words of a process that was killed.
        }

        found = new LockEvent(Enum.Parse<LockEventKind>(parts[0]), parts[1], parts[2], Number(parts[3]), new TimeSpan(Number(parts[4])), new TimeSpan(Number(parts[5])), parts[6]);
        return true;
    }

    /// <summary>On one line.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Kind} {Lock} {Client} {Token} {Asked.Ticks} {At.Ticks} {Text.ReplaceLineEndings(" ")}");

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}

/// <summary>What can happen to a client of locks.</summary>
public enum LockEventKind
{
    /// <summary>The lock was acquired.</summary>
    Granted,

    /// <summary>At that moment the client could rely on holding it.</summary>
    Holds,

    /// <summary>It sent a write to what the lock protects.</summary>
    Wrote,

    /// <summary>It is about to release the lock.</summary>
    Released,

    /// <summary>It has seen that it does not hold the lock any more.</summary>
    Lost,

    /// <summary>Nothing more is sent by it, and nobody says so to the group.</summary>
    Died,

    /// <summary>An observer was told who leads.</summary>
    Led,

    /// <summary>A call failed in a way that callers are not told of.</summary>
    Surprised,
}
