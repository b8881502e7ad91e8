using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using LifeRaft.Protocol;
using Spectre.Console;

namespace LifeRaft.Benchmarks;

/// <summary>The command <c>leadership</c>: what clients see of a leader that is killed, and of one that hands over.</summary>
internal static class LeadershipCommand
{
    private static readonly Option<int> _rounds = new("--rounds") { Description = "How often each is done.", DefaultValueFactory = _ => 20 };

    private static readonly Option<string> _log = new("--log") { Description = $"The silos' log: {string.Join(" or ", SiloSettings.Logs)}.", DefaultValueFactory = _ => SiloSettings.Logs[0] };

    public static Command Create()
    {
        var command = new Command("leadership", "Measures how long no write is acknowledged when the leader's silo is killed (SIGKILL), and when leadership is transferred; a write is sent every 2 ms.") { _rounds, _log };
        _log.AcceptOnlyFromAmong([.. SiloSettings.Logs]);
        command.SetAction(async (result, cancellationToken) => Show(await Measure(result.GetValue(_rounds), result.GetValue(_log)!, cancellationToken)));
        return command;
    }

    private const int WarmUpRounds = 6;

    private static async Task<IReadOnlyList<Interruptions>> Measure(int rounds, string log, CancellationToken cancellationToken)
    {
        await using var silos = await LifeRaftProcesses.Start($"liferaft {log}", log);
        var group = silos.Grains.GetRaftGroup(SiloSettings.GroupName);
        var store = new KeyValueStore(group);
        var value = Values.OfLength(Values.UsualBytes);
        var transfers = new Interruptions("transferred", TimeSpan.FromMilliseconds(20));
        var kills = new Interruptions("killed", GroupTimings.Default.ElectionMax + TimeSpan.FromMilliseconds(100));

        // From one to the next. Each has led before it is measured: what a process compiles when it leads first is not what a transfer takes.
        for (var round = -WarmUpRounds; round < rounds; round++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var leader = await GroupWait.Whole(group, cancellationToken);
            var addresses = leader.Members.Select(member => member.Address).Order(StringComparer.Ordinal).ToList();
            var target = addresses[(addresses.IndexOf(leader.Address) + 1) % addresses.Count];
            await Interrupt(round < 0 ? null : transfers, () => group.TransferLeadership(target, cancellationToken), (writes, began) => writes.LongestGap(began, Stopwatch.GetTimestamp()));
        }

        for (var round = 0; round < rounds; round++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var silo = (await GroupWait.Whole(group, cancellationToken)).Address.Split('@')[1];
            await Interrupt(kills, () => silos.Kill(silo).AsTask(), (writes, killed) => writes.FirstAfter(killed)!.Value);
            await silos.Begin(silo);
        }

        return [transfers, kills];

        async Task Interrupt(Interruptions? all, Func<Task> interrupt, Func<OpenLoop, long, TimeSpan> measure)
        {
            await using var writes = new OpenLoop(() => store.Put("key", value));
            writes.Start();
            await Acknowledged();
            var began = Stopwatch.GetTimestamp();
            await interrupt();
            await Acknowledged();
            var interruption = measure(writes, began);
            await writes.DisposeAsync();
            all?.Add(interruption, writes);

            Task Acknowledged()
            {
                var now = Stopwatch.GetTimestamp();
                return GroupWait.Until(() => writes.FirstAfter(now) is not null, cancellationToken);
            }
        }
    }

    private static void Show(IReadOnlyList<Interruptions> measured)
    {
        var table = new Table().AddColumn(new TableColumn("what").NoWrap());
        foreach (var heading in new[] { "times", "p50 ms", "longest ms", "goal p50 ms", "writes sent", "failed or unknown" })
        {
            table.AddColumn(new TableColumn(heading).RightAligned());
        }

        foreach (var one in measured)
        {
            table.AddRow(one.Name, Number(one.Count), Milliseconds(one.Median), Milliseconds(one.Longest), $"at most {Milliseconds(one.Goal)}", Number(one.Sent), Number(one.Failed));
        }

        AnsiConsole.Write(table);
        AnsiConsole.WriteLine("transferred: the longest time from one acknowledgement to the next. killed: from the SIGKILL of the leader's silo to the acknowledgement of a write that was sent later.");
        foreach (var one in measured)
        {
            foreach (var (text, count) in one.Failures)
            {
                AnsiConsole.WriteLine($"{one.Name}, {count} times: {text}");
            }
        }
    }

    private static string Milliseconds(TimeSpan time) => time.TotalMilliseconds.ToString("0.#", CultureInfo.InvariantCulture);

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
