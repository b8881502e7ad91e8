namespace LifeRaft.Benchmarks;

/// <summary>The values that are written.</summary>
internal static class Values
{
    /// <summary>The length that every workload is measured with, in bytes.</summary>
    public const int UsualBytes = 256;

    /// <summary>All lengths that writes are measured with, in bytes; the usual one first.</summary>
    public static IReadOnlyList<int> Lengths { get; } = [UsualBytes, 16, 4096, 65_536];

    /// <summary>A value that does not compress.</summary>
    public static byte[] OfLength(int bytes)
    {
        var value = new byte[bytes];
        Random.Shared.NextBytes(value);
        return value;
    }
}
