namespace LifeRaft.Cli;

/// <summary>What became of a hand-over, by who led before it was asked for and who leads now.</summary>
internal static class HandOver
{
    /// <summary>That it is done, in a sentence.</summary>
    /// <param name="before">The group before; it had a leader.</param>
    /// <param name="after">The group when somebody else led it, or when the time was over.</param>
    /// <param name="to">Who was to lead; null for any other.</param>
    /// <exception cref="MembershipException">The leader has led on.</exception>
    /// <exception cref="OutcomeUnknownException">Nobody leads, or somebody who was not meant: elections were held, and what came of the hand-over is not known.</exception>
    public static string Said(GroupReport before, GroupReport after, string? to)
    {
        var (group, look) = (after.Name, $"Look at it with 'liferaft status {after.Name}'.");
        var isSame = after.Leader == before.Leader;
        if (isSame && to == after.Leader)
        {
            return $"{after.Leader} leads {group} already.";
        }

        if (isSame && after.Term == before.Term)
        {
            throw new MembershipException($"{group} was not handed over: {after.Leader} leads it still, in term {after.Term}. {look}");
        }

        if (isSame || after.Leader.Length == 0 || (to is not null && after.Leader != to))
        {
            var now = after.Leader.Length == 0 ? "nobody leads it yet" : isSame ? $"{after.Leader} leads it again, in term {after.Term}" : $"{after.Leader} leads it now";
            throw new OutcomeUnknownException($"{group} was handed over, but {now}. {look}");
        }

        return $"{after.Leader} leads {group} in term {after.Term}; before it {before.Leader} did.";
    }
}
