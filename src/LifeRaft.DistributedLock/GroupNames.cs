using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Unicode;

namespace LifeRaft.DistributedLock;

/// <summary>
/// The names by which a group knows what the package names: any string there, 1 to 512 bytes of UTF-8 here. A name that fits stays as it is.
/// One that does not becomes its SHA-512 and, for whoever reads it in a list, its beginning.
/// </summary>
/// <remarks>Invariant: different names stay different. So a name that fits, but looks like one that did not, is hashed too.</remarks>
internal static class GroupNames
{
    private const string Mark = "sha512:";
    private const int ReadableRunes = 32;

    /// <exception cref="ArgumentNullException">The name is null.</exception>
    public static string Of(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Fits(name) && !name.StartsWith(Mark, StringComparison.Ordinal) ? name : Hashed(name);
    }

    private static bool Fits(string name)
    {
        Span<byte> room = stackalloc byte[LockRules.MaximumNameBytes];
        return name.Length > 0 && Utf8.FromUtf16(name, room, out _, out _, replaceInvalidSequences: false) == OperationStatus.Done;
    }

    /// <summary>Hashes the characters, not their UTF-8: there all halves of surrogate pairs are the same.</summary>
    private static string Hashed(string name)
    {
        var characters = new byte[name.Length * sizeof(char)];
        for (var i = 0; i < name.Length; i++)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(characters.AsSpan(i * sizeof(char)), name[i]);
        }

        return $"{Mark}{Base64Url.EncodeToString(SHA512.HashData(characters))}:{string.Concat(name.EnumerateRunes().Take(ReadableRunes))}";
    }
}
