using System.Globalization;

namespace LifeRaft.TestingHost;

/// <summary>
/// What is different in one replay. Each differs from the first in one thing (and in the time and the thread, which the second one tries
/// alone), so that a difference tells its cause.
/// </summary>
/// <param name="What">The replay, as a part of a sentence.</param>
/// <param name="Cause">Why its outcome would differ, and what to do.</param>
internal sealed record Circumstances(string What, string Cause)
{
    private const string NotTheState = "it reads a clock, draws random numbers or ids, or keeps something in a static variable. Take time and ids from the context, and keep everything in the state";
    private static readonly CultureInfo _plain = CultureInfo.InvariantCulture;

    /// <summary>The replay that the others are compared with.</summary>
    public static Circumstances First { get; } = new("the first replay", "");

    /// <summary>The others, the plainest first.</summary>
    public static IReadOnlyList<Circumstances> Others { get; } =
    [
        new("a second replay at another time", NotTheState) { ShowsSuspects = true },
        new("a replay in another culture", "it formats, parses or compares text by the current culture. Use CultureInfo.InvariantCulture and StringComparer.Ordinal") { Culture = Other() },
        new("a replay that overwrites the bytes of each command when it is applied", "it keeps the memory of the command. Copy what is stored") { OverwritesCommands = true },
        new("a replay that writes each snapshot one command later than it was captured", "CaptureSnapshot does not capture the state: the writer reads what has changed meanwhile. Keep the state in immutable collections and capture the reference") { WritesLater = true },
        new("a replay through a snapshot after every command", "the snapshot leaves out a part of the state, or ReadSnapshot does not restore it. Write every field that a command or query depends on") { GoesThroughSnapshots = true },
        new("a replay a second later", NotTheState) { ShowsSuspects = true, IsInAnotherSecond = true },
    ];

    /// <summary>The culture of the thread.</summary>
    public CultureInfo Culture { get; private init; } = _plain;

    /// <summary>For machines that read a clock to the second. It comes last, for it has to be waited for.</summary>
    public bool IsInAnotherSecond { get; private init; }

    public bool ShowsSuspects { get; private init; }

    public bool OverwritesCommands { get; private init; }

    public bool WritesLater { get; private init; }

    public bool GoesThroughSnapshots { get; private init; }

    /// <summary>Turkish, whose i is another one; where the process knows no cultures, one that at least writes numbers and dates otherwise.</summary>
    private static CultureInfo Other()
    {
        try
        {
            return CultureInfo.GetCultureInfo("tr-TR");
        }
        catch (CultureNotFoundException)
        {
            var other = (CultureInfo)_plain.Clone();
            (other.NumberFormat.NumberDecimalSeparator, other.NumberFormat.NumberGroupSeparator, other.NumberFormat.NegativeSign) = (",", ".", "~");
            (other.DateTimeFormat.ShortDatePattern, other.DateTimeFormat.LongTimePattern, other.DateTimeFormat.DateSeparator) = ("d.M.yyyy", "HH.mm.ss", ".");
            return other;
        }
    }
}
