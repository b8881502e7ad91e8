using CsCheck;
using Xunit;

namespace LifeRaft.Tests.KeyValue;

/// <summary>Random commands against a dictionary that is too simple to be wrong.</summary>
public sealed class KeyValueModelTests
{
    private static readonly string[] SomeKeys = ["a", "b", "ab", "a/1", "a/2", "\u00e4", "\U0001f600"];

    private static readonly Gen<Step> Steps = Gen.Select(
        Gen.Enum<Verb>(), Gen.Int[0, SomeKeys.Length - 1].Select(index => SomeKeys[index]), Gen.Long[0, 3], Gen.Byte.Array[0, 4], (verb, key, version, value) => new Step(verb, key, version, value));

    private enum Verb
    {
        Put,
        Delete,
        CompareAndSwap,
        Get,
        List,
        MoveToAnotherMachine,
        Capture,
    }

    [Fact]
    public async Task The_store_answers_like_a_dictionary_across_snapshots() =>
        await Steps.Array[0, 60].SampleAsync(async steps =>
        {
            var machine = new KeyValueMachine();
            var model = new SortedDictionary<string, KeyValueEntry>(StringComparer.Ordinal);
            var applied = 0;
            var captures = new List<(Action<Stream> Capture, KeyValueEntry[] Entries)>();
            foreach (var step in steps)
            {
                var store = new KeyValueStore(new LocalMachine(machine));
                applied += step.Verb is Verb.Put or Verb.Delete or Verb.CompareAndSwap ? 1 : 0;
                machine = step.Verb == Verb.MoveToAnotherMachine ? Restored(machine.CaptureSnapshot()) : machine;
                await Check(store, model, step);
                if (step.Verb == Verb.Capture)
                {
                    captures.Add((machine.CaptureSnapshot(), [.. model.Values]));
                }
            }

            var last = new KeyValueStore(new LocalMachine(machine));
            Assert.Equal(applied, await last.CountApplied());
            Assert.Equal(model.Values, await All(last, ""));
            foreach (var (capture, entries) in captures)
            {
                Assert.Equal(entries, await All(new KeyValueStore(new LocalMachine(Restored(capture))), ""));
            }
        });

    private static async Task Check(KeyValueStore store, SortedDictionary<string, KeyValueEntry> model, Step step)
    {
        var current = model.GetValueOrDefault(step.Key);
        var next = new KeyValueEntry(step.Key, step.Value, (current?.Version ?? 0) + 1);
        switch (step.Verb)
        {
            case Verb.Put:
                Assert.Equal(next.Version, await store.Put(step.Key, step.Value));
                model[step.Key] = next;
                break;
            case Verb.Delete:
                Assert.Equal(current, await store.Delete(step.Key));
                model.Remove(step.Key);
                break;
            case Verb.CompareAndSwap when step.Version == (current?.Version ?? 0):
                Assert.Equal((true, next), await store.CompareAndSwap(step.Key, step.Version, step.Value));
                model[step.Key] = next;
                break;
            case Verb.CompareAndSwap:
                Assert.Equal((false, current), await store.CompareAndSwap(step.Key, step.Version, step.Value));
                break;
            case Verb.Get:
                Assert.Equal(current, await store.Get(step.Key));
                break;
            default:
                Assert.Equal(model.Values.Where(entry => entry.Key.StartsWith(step.Key, StringComparison.Ordinal)), await All(store, step.Key));
                break;
        }
    }

    private static async Task<List<KeyValueEntry>> All(KeyValueStore store, string prefix)
    {
        var entries = new List<KeyValueEntry>();
        await foreach (var entry in store.List(prefix))
        {
            entries.Add(entry);
        }

        return entries;
    }

    private static KeyValueMachine Restored(Action<Stream> capture)
    {
        using var bytes = new MemoryStream();
        capture(bytes);
        bytes.Position = 0;
        var copy = new KeyValueMachine();
        copy.ReadSnapshot(bytes);
        return copy;
    }

    private sealed record Step(Verb Verb, string Key, long Version, byte[] Value);
}
