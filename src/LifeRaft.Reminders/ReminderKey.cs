using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using LifeRaft.Hosting;
using Orleans.Runtime;

namespace LifeRaft.Reminders;

/// <summary>
/// The keys of reminders: <c>{hash}/{grain}/{name}</c>. The hash is the one by which Orleans divides grains among silos, in hexadecimal, so
/// that what one silo is responsible for is a range of keys.
/// </summary>
internal static class ReminderKey
{
    private const int MaximumPartBytes = 400;

    /// <summary>No hash in hexadecimal comes after this.</summary>
    private const string End = "G";

    public static string Of(GrainId grain, string name) => $"{PrefixOf(grain)}{Part(KeyPart.Escape(name))}";

    /// <summary>How the keys of all reminders of the grain begin.</summary>
    public static string PrefixOf(GrainId grain) =>
        $"{Hash(grain.GetUniformHashCode())}/{Part($"{KeyPart.Escape(KeyPart.Text(grain.Type.Value))}!{KeyPart.Escape(KeyPart.Text(grain.Key))}")}/";

    /// <summary>The ranges of keys whose hashes are in (begin, end], which goes over zero where begin is not smaller, and is everything where both are equal.</summary>
    public static IEnumerable<KeyValueRange> Ranges(uint begin, uint end)
    {
        if (begin < end)
        {
            return [KeyValueRange.Between(Behind(begin), Behind(end))];
        }

        var upToEnd = KeyValueRange.Between("", Behind(end));
        return begin == uint.MaxValue ? [upToEnd] : [KeyValueRange.Between(Behind(begin), End), upToEnd];
    }

    private static string Behind(uint hash) => hash == uint.MaxValue ? End : Hash(hash + 1);

    private static string Hash(uint hash) => hash.ToString("X8", CultureInfo.InvariantCulture);

    private static string Part(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return bytes.Length <= MaximumPartBytes ? text : $"#{Convert.ToHexString(SHA256.HashData(bytes))}";
    }
}
