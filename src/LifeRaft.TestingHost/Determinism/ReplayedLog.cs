using System.Runtime.ExceptionServices;
using System.Security.Cryptography;
using LifeRaft.Protocol;

namespace LifeRaft.TestingHost;

/// <summary>What was seen after one entry of the log.</summary>
/// <param name="Entry">The entry, as messages call it.</param>
/// <param name="Result">What came of it.</param>
internal sealed record Observation(string Entry, string Result)
{
    public string Hash { get; set; } = "";

    public string Deadline { get; init; } = "";

    public string Answers { get; init; } = "";
}

/// <summary>A log that is applied to fresh machines.</summary>
internal sealed class ReplayedLog(Func<IStateMachine> create, LoggedRequest[] commands, LoggedRequest[] queries)
{
    /// <summary>Says it when the machine does not know a command: an error of the test, the same in every replay.</summary>
    public void RequireKnown()
    {
        var machine = create() as IChecksCommands;
        foreach (var command in commands)
        {
            if (machine?.Refusal(command.Bytes) is { } refusal)
            {
                throw new InvalidRequestException($"{command.Name} cannot be replayed: {refusal}");
            }
        }
    }

    /// <summary>Applies the log in those circumstances, on a thread of its own.</summary>
    public IReadOnlyList<Observation> Replay(Circumstances circumstances)
    {
        IReadOnlyList<Observation>? seen = null;
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                seen = new Replay(create, queries, circumstances).Run(commands);
            }
            catch (Exception thrown)
            {
                failure = ExceptionDispatchInfo.Capture(thrown);
            }
        })
        {
            CurrentCulture = circumstances.Culture,
            CurrentUICulture = circumstances.Culture,
        };
        thread.Start();
        thread.Join();
        failure?.Throw();
        return seen!;
    }

    /// <exception cref="NotDeterministicException">They differ.</exception>
    public void Compare(IReadOnlyList<Observation> first, IReadOnlyList<Observation> other, Circumstances circumstances)
    {
        for (var i = 0; i < Math.Min(first.Count, other.Count); i++)
        {
            var differences = Differences(first[i], other[i]).ToList();
            if (differences.Count > 0)
            {
                var machine = create().GetType();
                var suspects = circumstances.ShowsSuspects ? Suspects.Of(machine) : [];
                var found = suspects.Count == 0 ? "" : $" It has: {string.Join("; ", suspects)}.";
                throw new NotDeterministicException(
                    $"{machine.Name} is not deterministic. After {first[i].Entry}, {circumstances.What} has {string.Join(" and ", differences)}. The likely cause: {circumstances.Cause}.{found}");
            }
        }

        // The deadlines were equal after each entry, so the ticks were too.
        if (first.Count != other.Count)
        {
            throw new InvalidOperationException($"Two replays that never differed have {first.Count} and {other.Count} entries.");
        }
    }

    private static IEnumerable<string> Differences(Observation first, Observation other)
    {
        if (first.Result != other.Result)
        {
            yield return $"another result ({other.Result} instead of {first.Result})";
        }

        if (first.Hash != other.Hash)
        {
            yield return $"another state (its snapshot's hash is {other.Hash[..12]} instead of {first.Hash[..12]})";
        }

        if (first.Deadline != other.Deadline)
        {
            yield return $"another deadline ({other.Deadline} instead of {first.Deadline})";
        }

        if (first.Answers != other.Answers)
        {
            yield return $"other answers to the queries ({other.Answers} instead of {first.Answers})";
        }
    }
}

/// <summary>One replay.</summary>
internal sealed class Replay(Func<IStateMachine> create, LoggedRequest[] queries, Circumstances circumstances)
{
    private const int MaximumLastTicks = 100;
    private static readonly GroupId _group = new(new Guid("5a1d6c1e-0d3b-4f0e-9d0c-7b1f3f6d2a10"));
    private static readonly DateTimeOffset _begin = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly List<Observation> _seen = [];
    private IStateMachine _machine = create();
    private (Observation Seen, Action<Stream> Write)? _unwritten;
    private long _index;
    private string _hash = "";

    public IReadOnlyList<Observation> Run(LoggedRequest[] commands)
    {
        _hash = Hash(_machine.CaptureSnapshot());
        GoThroughSnapshot("no command at all");
        for (var i = 0; i < commands.Length; i++)
        {
            var clock = TimeSpan.FromSeconds(i + 1);
            if (_machine is ITimedStateMachine { Deadline: { } due } && due <= clock)
            {
                Tick($"the tick before command {i + 1}", clock);
            }

            var command = commands[i];
            Observe($"command {i + 1} of {commands.Length} ({command.Name})", () => Apply(command, clock));
        }

        var end = TimeSpan.FromSeconds(commands.Length);
        for (var i = 1; i <= MaximumLastTicks && _machine is ITimedStateMachine { Deadline: { } next }; i++)
        {
            end = next > end ? next : end;
            Tick($"tick {i} after the last command", end);
        }

        WriteUnwritten();
        return _seen;
    }

    private void Tick(string name, TimeSpan clock) => Observe(name, () =>
    {
        ((ITimedStateMachine)_machine).Elapse(Context(clock));
        return "nothing";
    });

    private string Apply(LoggedRequest command, TimeSpan clock)
    {
        var bytes = command.Bytes.ToArray();
        var result = Convert.ToHexString(_machine.Apply(Context(clock), bytes).Span);
        if (circumstances.OverwritesCommands)
        {
            Array.Fill(bytes, (byte)0xEE);
        }

        return result;
    }

    private void Observe(string entry, Func<string> apply)
    {
        var (result, threw) = Outcome(apply);
        WriteUnwritten();
        var write = _machine.CaptureSnapshot();
        var seen = new Observation(entry, result)
        {
            Deadline = _machine is ITimedStateMachine timed ? $"{timed.Deadline}" : "",
            Answers = string.Join(", ", queries.Select(Answers)),
        };
        _seen.Add(seen);
        if (circumstances.WritesLater)
        {
            _unwritten = (seen, write);
            return;
        }

        var before = _hash;
        _hash = seen.Hash = Hash(write);
        if (threw && _hash != before)
        {
            throw new NotDeterministicException($"{_machine.GetType().Name} has changed its state at {entry} although it threw ({result}): what throws must leave the state as it was.");
        }

        if (queries.Length > 0 && Hash(_machine.CaptureSnapshot()) != _hash)
        {
            throw new NotDeterministicException($"A query changed the state of {_machine.GetType().Name} after {entry}. Queries are asked on some members and not on others, and change nothing.");
        }

        GoThroughSnapshot(entry);
    }

    /// <summary>What is answered to a query at once, and to who waits.</summary>
    private string Answers(LoggedRequest query)
    {
        var now = Outcome(() => Convert.ToHexString(_machine.Query(query.Bytes).Span)).Text;
        return _machine is not IWaitingStateMachine waiting ? now
            : $"{now} / {Outcome(() => waiting.TryAnswer(query.Bytes, out var answer) ? Convert.ToHexString(answer.Span) : "not yet").Text}";
    }

    private static (string Text, bool Threw) Outcome(Func<string> act)
    {
        try
        {
            return (act() is { Length: > 0 } text ? text : "nothing", false);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            return ($"{failure.GetType().Name}: {failure.Message}", true);
        }
    }

    private void WriteUnwritten()
    {
        if (_unwritten is { } unwritten)
        {
            unwritten.Seen.Hash = Hash(unwritten.Write);
            _unwritten = null;
        }
    }

    /// <summary>The machine is replaced by a fresh one that has read its snapshot.</summary>
    private void GoThroughSnapshot(string entry)
    {
        if (!circumstances.GoesThroughSnapshots)
        {
            return;
        }

        using var stream = new MemoryStream();
        _machine.CaptureSnapshot()(stream);
        var length = stream.Length;
        stream.Write("What is behind the snapshot."u8);
        stream.Position = 0;
        _machine = create();
        _machine.ReadSnapshot(stream);
        var name = _machine.GetType().Name;
        if (stream.Position != length)
        {
            throw new NotDeterministicException($"{name} wrote a snapshot of {length} bytes after {entry} and read {stream.Position}: ReadSnapshot must leave alone what is behind.");
        }

        if (Hash(_machine.CaptureSnapshot()) is var hash && hash != _hash)
        {
            throw new NotDeterministicException($"{name} is not the same when it has read the snapshot that it wrote after {entry}: it writes another one (its hash is {hash[..12]} instead of {_hash[..12]}). The likely cause: ReadSnapshot does not restore all that CaptureSnapshot writes, or a collection without a defined order.");
        }
    }

    private CommandContext Context(TimeSpan clock) =>
        new(new LogIndex(++_index), new Term(1), _begin + clock) { Clock = clock, Group = _group };

    private static string Hash(Action<Stream> write)
    {
        using var hash = SHA256.Create();
        using (var stream = new CryptoStream(Stream.Null, hash, CryptoStreamMode.Write))
        {
            write(stream);
        }

        return Convert.ToHexString(hash.Hash!);
    }
}
