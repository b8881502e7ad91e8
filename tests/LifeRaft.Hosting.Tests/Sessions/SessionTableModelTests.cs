using System.Text;
using CsCheck;
using LifeRaft.Protocol;

namespace LifeRaft.Hosting.Tests.Sessions;

/// <summary>Random requests against sessions that are kept in the simplest way, with restarts from snapshots in between.</summary>
public sealed class SessionTableModelTests
{
    private static readonly string[] SomeCommands = ["a", "bb", "loud", "bad"];
    private static readonly long[] SomePauses = [0, 0, 0, 100, 900, -500, 40_000];

    private static readonly Gen<Step> Steps = Gen.Select(
        Gen.Frequency((2, Gen.Const(Verb.Open)), (12, Gen.Const(Verb.Command)), (3, Gen.Const(Verb.KeepAlive)), (1, Gen.Const(Verb.Close)), (1, Gen.Const(Verb.Restart)), (1, Gen.Const(Verb.NewLeader))),
        Gen.Int[0, 5],
        Gen.Long[1, 8],
        Gen.Long[1, 8],
        Gen.Int[0, 3].Select(i => SomeCommands[i]),
        Gen.Int[0, 6].Select(i => SomePauses[i]),
        (verb, session, number, answered, command, passed) => new Step(verb, session, number, Math.Min(answered, number), command, passed));

    private static readonly SessionLimits[] SomeLimits =
    [
        new(3_000, 4, 3, 40), new(3_000, 3, 2, 5), new(9_000, 4, 100, 0),
    ];

    private enum Verb
    {
        Open,
        Command,
        KeepAlive,
        Close,
        Restart,
        NewLeader,
    }

    [Fact]
    public void The_table_decides_like_the_model_and_applies_no_number_twice() =>
        Steps.Array[0, 80].Sample(steps =>
        {
            var (bench, model) = (new SessionBench(), new Model());
            var opened = new List<LogIndex>();
            var applied = new HashSet<(LogIndex, long)>();
            foreach (var step in steps)
            {
                bench.Clock += step.Passed;
                var session = step.Session < opened.Count ? opened[^(step.Session + 1)] : new LogIndex(99_999);
                var limits = SomeLimits[step.Number % SomeLimits.Length];
                switch (step.Verb)
                {
                    case Verb.Open:
                        model.Arrive(bench);
                        opened.Add(bench.Open(limits));
                        model.Open(opened[^1], limits);
                        break;
                    case Verb.Command:
                        model.Arrive(bench);
                        Assert.Equal(model.Command(session, step, bench.Machine.Applied, bench.Index + 1), bench.Command(session, step.Number, step.Command, step.Answered));
                        Assert.True(bench.LastApplied is null || applied.Add((session, step.Number)), $"{step} was applied twice");
                        break;
                    case Verb.KeepAlive:
                        model.Arrive(bench);
                        Assert.Equal(model.KeepAlive(session, step.Answered, bench.Index + 1), bench.KeepAlive(session, step.Answered));
                        break;
                    case Verb.Close:
                        model.Arrive(bench);
                        Assert.Equal(model.Close(session), bench.Close(session));
                        break;
                    case Verb.NewLeader:
                        bench.Term++;
                        bench.Clock = step.Number * 1_000_000;
                        break;
                    default:
                        var before = bench.Snapshot();
                        bench.Restart();
                        Assert.Equal(before, bench.Snapshot());
                        break;
                }

                Assert.Equal(model.Count, bench.State.Sessions);
                Assert.Equal(applied.Count, bench.Machine.Applied);
            }
        });

    private sealed record Step(Verb Verb, int Session, long Number, long Answered, string Command, long Passed);

    private sealed class Model
    {
        private readonly List<Row> _rows = [];
        private long _now;
        private long _term;
        private long _reading;

        public int Count => _rows.Count;

        /// <summary>An entry comes: time passes, and who was silent for too long is gone.</summary>
        public void Arrive(SessionBench bench)
        {
            if (bench.Term != _term)
            {
                (_term, _reading) = (bench.Term, bench.Clock);
            }

            if (_rows.Count > 0)
            {
                _now += Math.Max(0, Math.Min(bench.Clock - _reading, _rows.Min(row => row.Limits.TimeoutMilliseconds) / 3));
            }

            _reading = Math.Max(_reading, bench.Clock);
            _rows.RemoveAll(row => _now - row.UsedAt >= row.Limits.TimeoutMilliseconds);
        }

        public void Open(LogIndex id, SessionLimits limits)
        {
            while (_rows.Count >= limits.Sessions)
            {
                _rows.Remove(_rows.MinBy(row => row.UsedBy)!);
            }

            _rows.Add(new Row(id, limits) { UsedAt = _now, UsedBy = id.Value });
        }

        public string Command(LogIndex id, Step step, int applied, long index)
        {
            if (Use(id, step.Answered, index) is not { } row)
            {
                return "Expired";
            }

            if (step.Number < row.Answered)
            {
                return "Answered";
            }

            if (row.Results.TryGetValue(step.Number, out var remembered))
            {
                return remembered;
            }

            if (step.Number >= row.Answered + row.Limits.Results)
            {
                return "TooMany";
            }

            var result = step.Command switch { "bad" => $"Failed InvalidOperationException: {applied + 1}", "loud" => "!!!!!!!!!", var text => $"{text}{applied + 1}" };
            row.Results.Add(step.Number, result);
            foreach (var number in row.Results.Keys.ToList())
            {
                if (row.Results.Values.Sum(Bytes) > row.Limits.ResultBytes)
                {
                    row.Results[number] = "Forgotten";
                }
            }

            return result;
        }

        public string KeepAlive(LogIndex id, long answered, long index) => Use(id, answered, index) is null ? "Expired" : "";

        public string Close(LogIndex id) => _rows.RemoveAll(row => row.Id == id) == 0 ? "Expired" : "";

        private static int Bytes(string result) => result == "Forgotten" ? 0
            : Encoding.UTF8.GetByteCount(result.StartsWith("Failed ", StringComparison.Ordinal) ? result["Failed ".Length..] : result);

        private Row? Use(LogIndex id, long answered, long index)
        {
            var row = _rows.Find(row => row.Id == id);
            if (row is null)
            {
                return null;
            }

            (row.UsedAt, row.UsedBy) = (_now, index);
            row.Answered = Math.Max(row.Answered, answered);
            foreach (var number in row.Results.Keys.Where(number => number < row.Answered).ToList())
            {
                row.Results.Remove(number);
            }

            return row;
        }

        private sealed class Row(LogIndex id, SessionLimits limits)
        {
            public LogIndex Id => id;

            public SessionLimits Limits => limits;

            public long UsedAt { get; set; }

            public long UsedBy { get; set; }

            public long Answered { get; set; } = 1;

            public SortedDictionary<long, string> Results { get; } = [];
        }
    }
}
