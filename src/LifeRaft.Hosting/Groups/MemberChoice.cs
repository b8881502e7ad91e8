using System.IO.Hashing;
using System.Text;

namespace LifeRaft.Hosting;

/// <summary>
/// Which silos get the members of a declared group: rendezvous hashing, so that every silo comes to the same choice, many groups spread
/// over all silos, and the first of the choice, who leads first, is spread too.
/// </summary>
internal static class MemberChoice
{
    /// <summary>The silos in the order in which the group prefers them.</summary>
    public static IReadOnlyList<string> Rank(GroupName group, IEnumerable<string> silos) =>
        [.. silos.OrderByDescending(silo => XxHash64.HashToUInt64(Encoding.UTF8.GetBytes($"{group}@{silo}"))).ThenBy(silo => silo, StringComparer.Ordinal)];

    /// <summary>Addresses for new members on those silos, numbered from the lowest number that no member has.</summary>
    public static IReadOnlyList<string> Addresses(IEnumerable<string> silos, IEnumerable<string> taken)
    {
        var names = taken.Select(address => NodeAddress.Parse(address).Name).ToHashSet(StringComparer.Ordinal);
        var free = Enumerable.Range(1, int.MaxValue).Select(number => $"{number}").Where(name => !names.Contains(name));
        return [.. silos.Zip(free, (silo, name) => $"{name}@{silo}")];
    }
}
