namespace LifeRaft;

/// <summary>
/// A transaction as a command: kind (1 byte), then conditions, then the operations for when all of them hold, and those for when not;
/// each of the three begins with its count (1 byte).
/// </summary>
internal sealed record KeyValueTransaction(
    IReadOnlyList<KeyValueCondition> When, IReadOnlyList<KeyValueOperation> Then, IReadOnlyList<KeyValueOperation> Otherwise)
{
    /// <summary>So many conditions, and so many operations in each branch.</summary>
    public const int MaximumParts = 128;

    /// <summary>So many bytes may be read and removed: no answer is longer than the longest command.</summary>
    public const int MaximumAnswerBytes = KeyValueCommand.MaximumBytes;

    /// <exception cref="InvalidRequestException">There are too many parts, or one key is written twice in one branch.</exception>
    public void Require()
    {
        if (WhatIsWrong() is { } problem)
        {
            throw new InvalidRequestException(problem);
        }
    }

    public byte[] Encode()
    {
        var writer = new KeyValueWriter().Byte((byte)KeyValueCommandKind.Transact).Byte((byte)When.Count);
        foreach (var condition in When)
        {
            condition.Write(writer);
        }

        foreach (var branch in new[] { Then, Otherwise })
        {
            writer.Byte((byte)branch.Count);
            foreach (var operation in branch)
            {
                operation.Write(writer);
            }
        }

        return writer.ToArray();
    }

    /// <summary>Reads a transaction. The values are parts of the bytes, not copies.</summary>
    /// <param name="bytes">The command behind its kind.</param>
    /// <exception cref="FormatException">The bytes are no transaction.</exception>
    public static KeyValueTransaction Decode(ReadOnlyMemory<byte> bytes)
    {
        var reader = new KeyValueReader(bytes);
        var conditions = new KeyValueCondition[reader.Byte()];
        for (var i = 0; i < conditions.Length; i++)
        {
            conditions[i] = KeyValueCondition.Read(ref reader);
        }

        var transaction = new KeyValueTransaction(conditions, ReadBranch(ref reader), ReadBranch(ref reader));
        reader.End();
        return transaction.WhatIsWrong() is { } problem ? throw new FormatException(problem) : transaction;
    }

    private static KeyValueOperation[] ReadBranch(ref KeyValueReader reader)
    {
        var operations = new KeyValueOperation[reader.Byte()];
        for (var i = 0; i < operations.Length; i++)
        {
            operations[i] = KeyValueOperation.Read(ref reader);
        }

        return operations;
    }

    private string? WhatIsWrong() =>
        When.Contains(null!) || Then.Contains(null!) || Otherwise.Contains(null!) ? "A condition or operation of a transaction is null. Leave it out."
        : When.Count > MaximumParts ? $"A transaction has at most {MaximumParts} conditions, but this one has {When.Count}. Split it."
        : WhatIsWrong(Then) ?? WhatIsWrong(Otherwise);

    private static string? WhatIsWrong(IReadOnlyList<KeyValueOperation> branch)
    {
        if (branch.Count > MaximumParts)
        {
            return $"A branch of a transaction has at most {MaximumParts} operations, but this one has {branch.Count}. Split it.";
        }

        var written = new HashSet<string>(branch.Count, StringComparer.Ordinal);
        return branch.FirstOrDefault(operation => operation.IsWrite && !written.Add(operation.Key)) is { } twice
            ? $"A branch of a transaction writes a key once, but '{twice.Key}' is put or deleted twice. Keep the one that counts."
            : null;
    }
}
