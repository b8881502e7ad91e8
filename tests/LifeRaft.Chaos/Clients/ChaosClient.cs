using System.Globalization;
using System.Text;
using System.Text.Json;
using LifeRaft.Simulation;

namespace LifeRaft.Chaos;

/// <summary>One client: it does one thing at a time and writes down what it is told.</summary>
internal sealed class ChaosClient(ClientHistory history, KeyValueStore reads, KeyValueStore writes)
{
    // Sets the rate, so that the checker can follow; nobody waits for anything here.
    private static readonly TimeSpan _pace = TimeSpan.FromMilliseconds(30);

    private readonly Dictionary<string, KeyValueEntry?> _known = [];
    private int _process = history.NewProcess();

    public async Task Run(KeySpace keys, Random random, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            var key = keys.Next(random);
            await (random.Next(10) switch
            {
                < 4 => Read(key),
                < 7 => Write(key),
                _ => CompareAndSwap(key),
            });
            await Task.Delay(_pace, CancellationToken.None);
        }
    }

    public Task Read(string key) => Do(history.Begin(_process, OperationKind.Read, key), async pending =>
    {
        var entry = await reads.Get(key);
        Learn(key, entry);
        history.Answered(pending, entry is null ? null : TextOf(entry.Value), entry?.Version ?? 0);
    });

    public Task Write(string key)
    {
        var value = Text(history.NewValue());
        return Do(history.Begin(_process, OperationKind.Write, key, value), async pending =>
        {
            var version = await writes.Put(key, Encoding.UTF8.GetBytes(value));
            Learn(key, new KeyValueEntry(key, Encoding.UTF8.GetBytes(value), version));
            history.Answered(pending, value, version);
        });
    }

    /// <summary>Expects what this client saw last. The store compares versions; a version has one value, which the judges check.</summary>
    private Task CompareAndSwap(string key)
    {
        var known = _known.GetValueOrDefault(key);
        var value = Text(history.NewValue());
        var expected = known is null ? null : TextOf(known.Value);
        return Do(history.Begin(_process, OperationKind.CompareAndSwap, key, value, expected), async pending =>
        {
            var (succeeded, entry) = await writes.CompareAndSwap(key, known?.Version ?? 0, Encoding.UTF8.GetBytes(value));
            Learn(key, entry);
            history.Answered(pending, value, succeeded ? entry!.Version : 0);
        });
    }

    private async Task Do(Pending pending, Func<Pending, Task> operation)
    {
        try
        {
            await operation(pending);
        }
        catch (OutcomeUnknownException)
        {
            BecomeAnother(pending);
        }
        catch (Exception refusal) when (refusal is GroupUnavailableException or GroupNotFoundException or OverloadedException)
        {
            history.Refused(pending);
        }
        catch (Exception failure)
        {
            BecomeAnother(pending);
            history.Surprise($"{pending.Kind} {pending.Key} failed in a way that callers are not told of: {failure.GetType().Name}: {failure.Message}");
        }
    }

    private void BecomeAnother(Pending pending)
    {
        history.Unknown(pending);
        _process = history.NewProcess();
    }

    private void Learn(string key, KeyValueEntry? entry)
    {
        _known[key] = entry;
        if (entry is not null)
        {
            history.Saw(key, entry.Version, TextOf(entry.Value));
        }
    }

    /// <summary>As JSON: the numbers that clients write, and whatever else a broken store may return.</summary>
    public static string TextOf(ReadOnlyMemory<byte> value)
    {
        var text = Encoding.UTF8.GetString(value.Span);
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? Text(number) : JsonSerializer.Serialize(text);
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
