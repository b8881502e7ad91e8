using CsCheck;
using Xunit;

namespace LifeRaft.Tests.KeyValue;

/// <summary>Random commands against a model that is too simple to be wrong.</summary>
public sealed class KeyValueModelTests
{
    [Fact]
    public async Task The_store_answers_like_the_model_across_snapshots() =>
        await KeyValueScripts.Steps.SampleAsync(async steps =>
        {
            var group = new LocalMachine(new KeyValueMachine());
            var store = new KeyValueStore(group);
            var model = new KeyValueModel();
            var captures = new List<(Action<Stream> Capture, IReadOnlyList<KeyValueEntry> Entries)>();
            foreach (var step in steps)
            {
                if (step.Verb == Verb.MoveToAnotherMachine)
                {
                    group.Machine = Restored(group.Machine.CaptureSnapshot());
                }
                else if (step.Verb == Verb.Capture)
                {
                    captures.Add((group.Machine.CaptureSnapshot(), model.Entries));
                }

                await Check(store, model, step, group.Index + 1);
            }

            Assert.Equal(group.Commands, await store.CountApplied());
            Assert.Equal(model.Entries, await All(store, ""));
            foreach (var (capture, entries) in captures)
            {
                Assert.Equal(entries, await All(new KeyValueStore(new LocalMachine(Restored(capture))), ""));
            }
        });

    private static async Task Check(KeyValueStore store, KeyValueModel model, Step step, long index)
    {
        var current = model.Get(step.Key);
        switch (step.Verb)
        {
            case Verb.Put:
                Assert.Equal(model.Put(step.Key, step.Value, index).Version, await store.Put(step.Key, step.Value));
                break;
            case Verb.Delete:
                Assert.Equal(model.Delete(step.Key, index), await store.Delete(step.Key));
                break;
            case Verb.CompareAndSwap when step.Number == (current?.Version ?? 0):
                Assert.Equal((true, model.Put(step.Key, step.Value, index)), await store.CompareAndSwap(step.Key, step.Number, step.Value));
                break;
            case Verb.CompareAndSwap:
                Assert.Equal((false, current), await store.CompareAndSwap(step.Key, step.Number, step.Value));
                break;
            case Verb.Transact:
                await CheckTransaction(store, model, step, index);
                break;
            case Verb.Get:
                Assert.Equal(current, await store.Get(step.Key));
                break;
            default:
                Assert.Equal(model.Entries.Where(entry => entry.Key.StartsWith(step.Key, StringComparison.Ordinal)), await All(store, step.Key));
                break;
        }
    }

    private static async Task CheckTransaction(KeyValueStore store, KeyValueModel model, Step step, long index)
    {
        var succeeds = step.When.All(demand => demand.Holds(model.Get(demand.Key)));
        var expected = (succeeds ? step.Then : step.Otherwise).Select(write => model.Carry(write, index)).ToList();
        var result = await store.Transact(
            [.. step.When.Select(demand => demand.Condition)], [.. step.Then.Select(write => write.Operation)], [.. step.Otherwise.Select(write => write.Operation)]);
        Assert.Equal(succeeds, result.Succeeded);
        Assert.Equal(model.Revision, result.Revision);
        Assert.Equal(expected, result.Results);
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
}
