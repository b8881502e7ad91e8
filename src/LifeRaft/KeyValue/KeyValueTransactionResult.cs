namespace LifeRaft;

/// <summary>What came of a transaction.</summary>
/// <param name="Succeeded">Whether all conditions held, so that the first branch was carried out and not the other.</param>
/// <param name="Revision">The revision of the store afterwards. If the transaction changed anything, it is that of all its changes.</param>
/// <param name="Results">
/// For each operation of the branch that was carried out an entry: of a put the new one, of a delete the one that it removed, of a get
/// the one that was found; null where there was none.
/// </param>
public sealed record KeyValueTransactionResult(bool Succeeded, long Revision, IReadOnlyList<KeyValueEntry?> Results)
{
    /// <summary>
    /// The outcome (1 byte), the revision, the number of results (1 byte), and for each whether there is an entry (1 byte) and the entry.
    /// Of what was put the value is not sent back.
    /// </summary>
    internal byte[] Encode(IReadOnlyList<KeyValueOperation> branch)
    {
        var writer = new KeyValueWriter(64 + Results.Sum(entry => entry is null ? 1 : 1 + KeyValueWriter.LengthOf(entry)));
        writer.Byte((byte)(Succeeded ? KeyValueOutcome.Yes : KeyValueOutcome.No)).Int64(Revision).Byte((byte)Results.Count);
        for (var i = 0; i < Results.Count; i++)
        {
            var entry = branch[i].Kind == KeyValueOperationKind.Put ? Results[i]! with { Value = default } : Results[i];
            writer.Byte(entry is null ? (byte)0 : (byte)1);
            if (entry is not null)
            {
                writer.Entry(entry);
            }
        }

        return writer.ToArray();
    }

    /// <summary>The answer to a transaction that was not carried out.</summary>
    /// <param name="outcome">Why.</param>
    /// <param name="number">The size of the result, or the lease.</param>
    internal static byte[] EncodeRefusal(KeyValueOutcome outcome, long number) => new KeyValueWriter().Byte((byte)outcome).Int64(number).ToArray();

    /// <exception cref="InvalidRequestException">The result would be too large. Nothing was done.</exception>
    /// <exception cref="KeyValueLeaseEndedException">A put named a lease that has ended. Nothing was done.</exception>
    /// <exception cref="FormatException">The bytes are no such result.</exception>
    internal static KeyValueTransactionResult Decode(ReadOnlyMemory<byte> bytes, KeyValueTransaction transaction)
    {
        var reader = new KeyValueReader(bytes);
        var outcome = bytes.IsEmpty ? (KeyValueOutcome)byte.MaxValue : (KeyValueOutcome)reader.Byte();
        switch (outcome)
        {
            case KeyValueOutcome.TooLarge:
                throw new InvalidRequestException($"The transaction reads and removes {reader.Int64()} bytes; at most {KeyValueTransaction.MaximumAnswerBytes} are possible. Nothing was done; split it.");
            case KeyValueOutcome.LeaseEnded:
                throw new KeyValueLeaseEndedException(reader.Int64());
        }

        if (outcome > KeyValueOutcome.Yes)
        {
            throw new FormatException($"An answer of {bytes.Length} bytes is none to a transaction of a key-value machine. Does the group replicate one?");
        }

        var branch = outcome == KeyValueOutcome.Yes ? transaction.Then : transaction.Otherwise;
        var revision = reader.Count();
        var results = new KeyValueEntry?[reader.Byte()];
        if (results.Length != branch.Count)
        {
            throw new FormatException($"A transaction of {branch.Count} operations is answered with {results.Length} results.");
        }

        for (var i = 0; i < results.Length; i++)
        {
            var entry = reader.Byte() == 0 ? null : reader.Entry();
            results[i] = branch[i].Kind == KeyValueOperationKind.Put && entry is not null ? entry with { Value = branch[i].Value } : entry;
        }

        reader.End();
        return new KeyValueTransactionResult(outcome == KeyValueOutcome.Yes, revision, results);
    }
}
