using System.IO.Hashing;
using System.Security.Cryptography;
using System.Text;

namespace LifeRaft.Hosting;

/// <summary>
/// The key of a grain's state: <c>{state}/{grain type}/{grain key}</c>, with what would make it ambiguous escaped, or a hash of that where
/// it is too long for a key.
/// </summary>
internal static class GrainStateKey
{
    /// <summary>Where a storage notes its layout: no state has this key, for <c>!</c> is escaped.</summary>
    public const string Layout = "!layout";

    private static readonly UTF8Encoding _text = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static string Of(string state, GrainId grain)
    {
        var key = $"{Escape(state)}/{Escape(Text(grain.Type.Value))}/{Text(grain.Key)}";
        return Encoding.UTF8.GetByteCount(key) <= KeyValueKey.MaximumBytes ? key : $"#{Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(key)))}";
    }

    /// <summary>Which of so many groups holds the grain's states. The same in every process and version, for it says where states lie.</summary>
    public static int GroupOf(GrainId grain, int groups)
    {
        var hash = new XxHash64();
        hash.Append(grain.Type.AsSpan());
        hash.Append("/"u8);
        hash.Append(grain.Key.AsSpan());
        return (int)(hash.GetCurrentHashAsUInt64() % (uint)groups);
    }

    /// <summary>What is no text is written in hexadecimal, behind a mark that text has only escaped.</summary>
    private static string Text(IdSpan id)
    {
        try
        {
            return _text.GetString(id.AsSpan()).Replace("%", "%25", StringComparison.Ordinal);
        }
        catch (DecoderFallbackException)
        {
            return $"%x{Convert.ToHexString(id.AsSpan())}";
        }
    }

    private static string Escape(string part) => part
        .Replace("%", "%25", StringComparison.Ordinal)
        .Replace("/", "%2F", StringComparison.Ordinal)
        .Replace("#", "%23", StringComparison.Ordinal)
        .Replace("!", "%21", StringComparison.Ordinal);
}
