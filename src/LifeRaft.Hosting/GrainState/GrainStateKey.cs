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

    public static string Of(string state, GrainId grain)
    {
        var key = $"{KeyPart.Escape(state)}/{KeyPart.Escape(KeyPart.Text(grain.Type.Value))}/{KeyPart.Text(grain.Key)}";
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
}
