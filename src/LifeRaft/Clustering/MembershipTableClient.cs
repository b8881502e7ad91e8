namespace LifeRaft;

/// <summary>Reads and changes the membership table at whichever voter leads.</summary>
internal sealed class MembershipTableClient(VoterRoute route)
{
    /// <summary>The voters and what is the matter with each.</summary>
    public IEnumerable<(string Voter, string Problem)> Voters => route.Voters;

    /// <summary>The table with everything that was written before the call.</summary>
    /// <exception cref="GroupUnavailableException">No majority of the voters could be reached in time.</exception>
    public async Task<MembershipTableState> Read(TimeSpan timeout, CancellationToken cancellationToken)
    {
        try
        {
            var reader = new FieldReader(await route.Ask(static _ => new VoterRequest(VoterOperation.Query), timeout, cancellationToken));
            var table = MembershipTableState.Read(ref reader);
            reader.End();
            return table;
        }
        catch (OutcomeUnknownException unknown)
        {
            throw new GroupUnavailableException(unknown.Message); // A question changes nothing.
        }
    }

    /// <summary>Inserts or updates a row, once, however often it has to be sent. False if somebody else was faster.</summary>
    /// <exception cref="GroupUnavailableException">No majority of the voters could be reached in time; nothing was written.</exception>
    /// <exception cref="OutcomeUnknownException">It may have been written. Read the table.</exception>
    public async Task<bool> Write(MembershipCommand command, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var result = await route.Ask(isRepetition => new VoterRequest(VoterOperation.Command, (command with { IsRepetition = isRepetition }).Encode()), timeout, cancellationToken);
        return (MembershipOutcome)result.Span[0] switch
        {
            MembershipOutcome.Written => true,
            MembershipOutcome.Conflict => false,
            _ => throw new OutcomeUnknownException("A write of the membership table was repeated so late that the voters no longer know what became of it. Read the table."),
        };
    }
}
