using CsCheck;

namespace LifeRaft.Tests.KeyValue;

/// <summary>Random commands for a store and its model.</summary>
internal static class KeyValueScripts
{
    private static readonly string[] SomeKeys = ["a", "b", "ab", "a/1", "a/2", "\u00e4", "\U0001f600"];

    public static readonly Gen<string> Keys = Gen.Int[0, SomeKeys.Length - 1].Select(index => SomeKeys[index]);

    private static readonly Gen<byte[]> Values = Gen.Byte[0, 2].Array[0, 2];

    private static readonly Gen<Demand> Demands = Gen.Select(
        Gen.Enum<Subject>(), Gen.Enum<KeyValueComparison>(), Keys, Gen.Long[0, 4], Values, (subject, comparison, key, number, value) => new Demand(subject, comparison, key, number, value));

    private static readonly Gen<Write[]> Branches = Gen.Select(
        Gen.Enum<WriteVerb>(), Keys, Values, Gen.Long[1, 3], (verb, key, value, lease) => new Write(verb, key, value, lease))
        .Array[0, 4]
        .Select(WithoutTwice);

    private static readonly Gen<(Write[] Then, Write[] Otherwise)> TwoBranches = Gen.Select(Branches, Branches);

    public static readonly Gen<Step[]> Steps = Gen.Select(
        Gen.Enum<Verb>(), Keys, Gen.Long[0, 3], Values, Gen.Long[1, 3], Demands.Array[0, 2], TwoBranches, (verb, key, number, value, lease, when, branches) => new Step(verb, key, number, value, lease, when, branches.Then, branches.Otherwise))
        .Array[0, 200];

    /// <summary>A branch may write a key once; it may read it as often as it likes.</summary>
    private static Write[] WithoutTwice(Write[] branch) =>
        [.. branch.Where((write, at) => write.Verb == WriteVerb.Get || !branch[..at].Any(before => before.Verb != WriteVerb.Get && before.Key == write.Key))];
}

internal enum Verb
{
    Put,
    PutWithLease,
    Delete,
    CompareAndSwap,
    Transact,
    GrantLease,
    KeepLease,
    EndLease,
    Pass,
    PassUnnoticed,
    Get,
    List,
    Watch,
    MoveToAnotherMachine,
    Capture,
}

internal enum WriteVerb
{
    Put,
    PutWithLease,
    Delete,
    Get,
}

internal enum Subject
{
    Absence,
    Version,
    Revision,
    Lease,
    Value,
}

internal sealed record Step(Verb Verb, string Key, long Number, byte[] Value, long Lease, Demand[] When, Write[] Then, Write[] Otherwise)
{
    /// <summary>How much time passes, or how long a lease lives.</summary>
    public TimeSpan Time => TimeSpan.FromSeconds(Number + 1);

    public KeyValueRange Range => Number switch
    {
        0 => KeyValueRange.All,
        1 => KeyValueRange.Prefix(Key),
        2 => KeyValueRange.Key(Key),
        _ => string.CompareOrdinal("a/1", Key) <= 0 ? KeyValueRange.Between("a/1", Key) : KeyValueRange.Between(Key, ""),
    };

    public bool IsInRange(string key) => Number switch
    {
        0 => true,
        1 => key.StartsWith(Key, StringComparison.Ordinal),
        2 => key == Key,
        _ when string.CompareOrdinal("a/1", Key) <= 0 => string.CompareOrdinal(key, "a/1") >= 0 && string.CompareOrdinal(key, Key) < 0,
        _ => string.CompareOrdinal(key, Key) >= 0,
    };
}

internal sealed record Demand(Subject Subject, KeyValueComparison Comparison, string Key, long Number, byte[] Value)
{
    public KeyValueCondition Condition => Subject switch
    {
        Subject.Absence when Number % 2 == 0 => KeyValueCondition.Absent(Key),
        Subject.Absence => KeyValueCondition.Present(Key),
        Subject.Version => KeyValueCondition.Version(Key, Number, Comparison),
        Subject.Revision => KeyValueCondition.Revision(Key, 10 * Number, Comparison),
        Subject.Lease => KeyValueCondition.Lease(Key, Number, Comparison),
        _ => KeyValueCondition.Value(Key, Value, Comparison),
    };

    public bool Holds(KeyValueEntry? entry)
    {
        var order = Subject switch
        {
            Subject.Version => (entry?.Version ?? 0).CompareTo(Number),
            Subject.Revision => (entry?.Revision ?? 0).CompareTo(10 * Number),
            Subject.Lease => (entry?.Lease ?? 0).CompareTo(Number),
            Subject.Value when entry is not null => string.CompareOrdinal(Convert.ToHexString(entry.Value.Span), Convert.ToHexString(Value)),
            _ => 0,
        };
        return Subject switch
        {
            Subject.Absence => entry is null == (Number % 2 == 0),
            Subject.Value when entry is null => false,
            _ => Comparison switch
            {
                KeyValueComparison.Equal => order == 0,
                KeyValueComparison.NotEqual => order != 0,
                KeyValueComparison.Greater => order > 0,
                _ => order < 0,
            },
        };
    }
}

internal sealed record Write(WriteVerb Verb, string Key, byte[] Value, long Lease)
{
    public KeyValueOperation Operation => Verb switch
    {
        WriteVerb.Put => KeyValueOperation.Put(Key, Value),
        WriteVerb.PutWithLease => KeyValueOperation.Put(Key, Value, Lease),
        WriteVerb.Delete => KeyValueOperation.Delete(Key),
        _ => KeyValueOperation.Get(Key),
    };
}
