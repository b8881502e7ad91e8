using System.Globalization;

namespace LifeRaft.Hosting;

/// <summary>The names of the files in the directory of the segments.</summary>
internal static class SegmentNames
{
    private const string Written = ".segment";
    private const string Kept = ".kept";

    /// <summary>Files that are being made; what a start finds of them is superfluous.</summary>
    private const string Unfinished = ".tmp";

    public static string Of(string directory, long sequence, bool isKept) =>
        Path.Combine(directory, sequence.ToString("d16", CultureInfo.InvariantCulture) + (isKept ? Kept : Written));

    public static string OfUnfinished(string directory, string what) => Path.Combine(directory, what + Unfinished);

    public static bool IsUnfinished(string file) => Path.GetExtension(file) == Unfinished;

    /// <summary>The segment that the file is named after; null for a file that is none.</summary>
    public static (long Sequence, bool IsKept)? Parse(string file) =>
        Path.GetExtension(file) is (Written or Kept) and var extension
        && long.TryParse(Path.GetFileNameWithoutExtension(file), NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)
            ? (sequence, extension == Kept)
            : null;
}
