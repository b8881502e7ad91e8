using LifeRaft.Hosting;
using LifeRaft.Protocol;

namespace LifeRaft.Cli;

/// <summary>What an entry says, in words: commands of key-value and lock groups as what they do, others as bytes.</summary>
/// <param name="machine">The machine of the group: <c>kv</c> and <c>locks</c> are taken for what they usually are, where the bytes are such.</param>
internal sealed class EntryText(string machine)
{
    private const int ShownCharacters = 60;

    public string Of(LogEntry entry) => entry.Kind switch
    {
        EntryKind.NoOp => $"term {entry.Term} begins",
        EntryKind.Configuration => Configuration(entry.Payload),
        EntryKind.Dissolution => "the group ends",
        EntryKind.Tick => "time passes",
        EntryKind.SessionCommand => Session(entry),
        _ => Command(entry.Payload),
    };

    private static string Configuration(ReadOnlyMemory<byte> payload)
    {
        var configuration = GroupConfigurationCodec.Decode(payload);
        var text = $"voters {Addresses(configuration.Voters)}";
        text += configuration.IsJoint ? $"; until then also {Addresses(configuration.Outgoing)}" : "";
        return configuration.Learners.IsEmpty ? text : $"{text}; learners {Addresses(configuration.Learners)}";
    }

    private static string Addresses(IEnumerable<Member> members) => string.Join(", ", members.Select(member => member.Address));

    private string Session(LogEntry entry)
    {
        if (!SessionRequest.TryDecode(entry.Payload, out var request))
        {
            return Bytes(entry.Payload);
        }

        return request.Kind switch
        {
            SessionRequestKind.Open => $"session {entry.Index} opens",
            SessionRequestKind.KeepAlive => $"session {request.Session} lives",
            SessionRequestKind.Close => $"session {request.Session} closes",
            _ => $"session {request.Session} #{request.Number}: {Command(request.Command)}",
        };
    }

    private string Command(ReadOnlyMemory<byte> command)
    {
        try
        {
            return machine switch
            {
                "kv" => KeyValue(command),
                "lock" or "locks" => Lock(LockCodec.DecodeCommand(command)),
                _ => Bytes(command),
            };
        }
        catch (FormatException)
        {
            return Bytes(command); // Another machine of that name, or another version.
        }
    }

    private static string KeyValue(ReadOnlyMemory<byte> command)
    {
        var kind = KeyValueCommand.KindOf(command);
        switch (kind)
        {
            case KeyValueCommandKind.Transact:
                var transaction = KeyValueTransaction.Decode(command[1..]);
                return transaction.When.Count == 0
                    ? Operations(transaction.Then)
                    : $"if {string.Join(" and ", transaction.When.Select(Condition))}: {Operations(transaction.Then)}{(transaction.Otherwise.Count == 0 ? "" : $"; else {Operations(transaction.Otherwise)}")}";
            case KeyValueCommandKind.GrantLease or KeyValueCommandKind.KeepLease or KeyValueCommandKind.EndLease:
                var lease = KeyValueLeaseCommand.Decode(kind, command[1..]);
                return $"{(kind == KeyValueCommandKind.GrantLease ? "grant" : kind == KeyValueCommandKind.KeepLease ? "keep" : "end")} lease {lease.Lease}";
            default:
                var change = KeyValueCommand.Decode(kind, command);
                return kind switch
                {
                    KeyValueCommandKind.Delete => $"delete {change.Key}",
                    KeyValueCommandKind.CompareAndSwap => $"put {change.Key} if version {change.Number}: {Bytes(change.Value)}",
                    KeyValueCommandKind.PutWithLease => $"put {change.Key} with lease {change.Lease}: {Bytes(change.Value)}",
                    _ => $"put {change.Key}: {Bytes(change.Value)}",
                };
        }
    }

    private static string Condition(KeyValueCondition condition) => condition switch
    {
        { Subject: KeyValueSubject.Version, Number: 0, Comparison: KeyValueComparison.Equal } => $"{condition.Key} is absent",
        { Subject: KeyValueSubject.Version, Number: 0, Comparison: KeyValueComparison.Greater } => $"{condition.Key} is there",
        _ => $"{condition.Key} has {condition.Subject.ToString().ToLowerInvariant()} {Sign(condition.Comparison)}{(condition.Subject == KeyValueSubject.Value ? Bytes(condition.Bytes) : $"{condition.Number}")}",
    };

    private static string Sign(KeyValueComparison comparison) => comparison switch
    {
        KeyValueComparison.Equal => "",
        KeyValueComparison.NotEqual => "other than ",
        KeyValueComparison.Greater => "above ",
        _ => "below ",
    };

    private static string Operations(IReadOnlyList<KeyValueOperation> operations) => operations.Count == 0 ? "nothing" : string.Join(", ", operations.Select(operation =>
        operation.Kind == KeyValueOperationKind.Put ? $"put {operation.Key}: {Bytes(operation.Value)}" : $"{operation.Kind.ToString().ToLowerInvariant()} {operation.Key}"));

    private static string Lock(LockCommand command) => command switch
    {
        AcquireLock acquire => $"acquire {acquire.Name} {acquire.Mode.ToString().ToLowerInvariant()} for {Duration.Format(acquire.TimeToLive)} by {acquire.Id:N}",
        UpgradeLock upgrade => $"upgrade {upgrade.Id:N}",
        AbandonUpgrade abandon => $"abandon the upgrade of {abandon.Id:N}",
        ReleaseLock release => $"release {release.Id:N}",
        KeepLocks keep => $"keep {keep.Ids.Count} locks",
        _ => command.ToString(),
    };

    private static string Bytes(ReadOnlyMemory<byte> bytes) => ByteText.Show(bytes.Span, ShownCharacters);
}
