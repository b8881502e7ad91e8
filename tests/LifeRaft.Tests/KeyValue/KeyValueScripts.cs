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

    private static readonly Gen<Write[]> Branches = Gen.Select(Gen.Enum<WriteVerb>(), Keys, Values, (verb, key, value) => new Write(verb, key, value))
        .Array[0, 4]
        .Select(WithoutTwice);

    public static readonly Gen<Step[]> Steps = Gen.Select(
        Gen.Enum<Verb>(), Keys, Gen.Long[0, 3], Values, Demands.Array[0, 2], Branches, Branches, (verb, key, number, value, when, then, otherwise) => new Step(verb, key, number, value, when, then, otherwise))
        .Array[0, 60];

    /// <summary>A branch may write a key once; it may read it as often as it likes.</summary>
    private static Write[] WithoutTwice(Write[] branch) =>
        [.. branch.Where((write, at) => write.Verb == WriteVerb.Get || !branch[..at].Any(before => before.Verb != WriteVerb.Get && before.Key == write.Key))];
}

internal enum Verb
{
    Put,
    Delete,
    CompareAndSwap,
    Transact,
    Get,
    List,
    MoveToAnotherMachine,
    Capture,
}

internal enum WriteVerb
{
    Put,
    Delete,
    Get,
}

internal enum Subject
{
    Absence,
    Version,
    Revision,
    Value,
}

internal sealed record Step(Verb Verb, string Key, long Number, byte[] Value, Demand[] When, Write[] Then, Write[] Otherwise);

internal sealed record Demand(Subject Subject, KeyValueComparison Comparison, string Key, long Number, byte[] Value)
{
    public KeyValueCondition Condition => Subject switch
    {
        Subject.Absence when Number % 2 == 0 => KeyValueCondition.Absent(Key),
        Subject.Absence => KeyValueCondition.Present(Key),
        Subject.Version => KeyValueCondition.Version(Key, Number, Comparison),
        Subject.Revision => KeyValueCondition.Revision(Key, 10 * Number, Comparison),
        _ => KeyValueCondition.Value(Key, Value, Comparison),
    };

    public bool Holds(KeyValueEntry? entry)
    {
        var order = Subject switch
        {
            Subject.Version => (entry?.Version ?? 0).CompareTo(Number),
            Subject.Revision => (entry?.Revision ?? 0).CompareTo(10 * Number),
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

internal sealed record Write(WriteVerb Verb, string Key, byte[] Value)
{
    public KeyValueOperation Operation => Verb switch
    {
        WriteVerb.Put => KeyValueOperation.Put(Key, Value),
        WriteVerb.Delete => KeyValueOperation.Delete(Key),
        _ => KeyValueOperation.Get(Key),
    };
}
