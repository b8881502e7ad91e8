using System.CommandLine;
using System.Text.RegularExpressions;

namespace LifeRaft.Cli.Tests.Up;

/// <summary>Sessions that run every command of the tool against a cluster of <c>up</c>, but for those that only look (<see cref="RunningUp.Looks"/>).</summary>
internal static partial class Sessions
{
    /// <summary>What concerns the cluster as a whole: it is played first, and alone.</summary>
    public static readonly Session Silos = new(
        "session-silos",
        "liferaft group create kv/left 1@silo-1 2@silo-2",
        "liferaft group create kv/right 1@silo-1 2@silo-2",
        "liferaft silo drain silo-1",
        "liferaft silo list",
        "liferaft silo resume silo-1",
        "liferaft leader rebalance --dry-run",
        "liferaft leader rebalance",
        "liferaft check quorum-critical silo-4",
        "liferaft silo drain silo-9");

    /// <summary>Each has groups of its own: they are played at the same time.</summary>
    public static readonly Session[] Others =
    [
        new(
            "session-members",
            "liferaft group create kv/fruit 1@silo-1",
            "liferaft member add kv/fruit 2@silo-2",
            "liferaft member add kv/fruit 3@silo-3 --learner",
            "liferaft member list kv/fruit",
            "liferaft member make-voter kv/fruit 3@silo-3",
            "liferaft leader transfer kv/fruit 2@silo-2",
            "liferaft leader step-down kv/fruit",
            "liferaft member replace kv/fruit 3@silo-3 4@silo-4",
            "liferaft member replace kv/fruit 3@silo-3 4@silo-4 --yes",
            "liferaft member remove kv/fruit 4@silo-4 --dry-run",
            "liferaft member remove kv/fruit 4@silo-4 --yes",
            "liferaft group delete kv/fruit --yes",
            "liferaft status kv/fruit"),
        new(
            "session-data",
            "liferaft kv put greeting hello",
            "printf 'from a pipe' | liferaft kv put piped",
            "liferaft kv get greeting",
            "liferaft kv get greeting --stale",
            "liferaft kv list -o wide",
            """echo '{"when": [{"key": "greeting", "version": 1}], "then": [{"put": "moved", "value": "hello"}, {"delete": "greeting"}]}' | liferaft kv transact""",
            "liferaft kv watch --revision 1 --count 4",
            "liferaft kv delete piped",
            "liferaft kv get piped"),
        new(
            "session-log",
            "liferaft group create kv/orders 1@silo-3",
            "liferaft kv put first 1 --group kv/orders",
            "liferaft log show --group kv/orders",
            "liferaft log tail --group kv/orders --last 2 --count 2",
            "liferaft snapshot take --group kv/orders",
            "liferaft snapshot save orders.snapshot --group kv/orders",
            "liferaft snapshot inspect orders.snapshot",
            "liferaft snapshot restore orders.snapshot --data restored --node kv/orders/1@silo-9",
            "liferaft snapshot restore orders.snapshot --data restored --node kv/orders/1@silo-9 --yes",
            "liferaft wal inspect --data restored",
            "liferaft watch kv/orders --once"),
        new(
            "session-locks",
            """liferaft lock run nightly -- sh -c 'echo "$LIFERAFT_LOCK is held with token $LIFERAFT_FENCING_TOKEN"; exit 7'""",
            "liferaft lock run nightly -- liferaft lock list",
            """liferaft elect primary --candidate host-a -- sh -c 'echo "$LIFERAFT_CANDIDATE leads"'""",
            "liferaft lock list"),
        new(
            "session-figures",
            "liferaft group create kv/measured --members 3",
            "liferaft check perf kv/measured --duration 300ms --clients 2 --writes-per-second 1 --p99 30s --slowest 60s",
            "liferaft bench --group kv/measured --duration 300ms --warm-up 0s --clients 2 --reads 50",
            "liferaft check hash kv/measured"),
        new(
            "session-shell",
            "liferaft completion bash",
            "liferaft '[suggest:7]' 'leader '",
            "liferaft leader transfre kv/default",
            "liferaft snapshot",
            "liferaft health --gateway 127.0.0.1:1 --timeout 1s"),
    ];

    /// <summary>What is done to the disk of a silo while its cluster is down.</summary>
    public static readonly Session Offline = new(
        "session-offline",
        "liferaft wal inspect --data data/silo-1",
        "liferaft wal verify --data data/silo-1",
        "liferaft recover --unsafe-new-quorum --data data/silo-1 --node kv/default/1@silo-1",
        "liferaft recover --unsafe-new-quorum --data data/silo-1 --node kv/default/1@silo-1 --yes",
        "liferaft recover --forget --data data/silo-1 --node lock/default/1@silo-1 --dry-run",
        "liferaft wal inspect --data data/silo-1");

    public static IEnumerable<Session> All => [Silos, .. Others, Offline];

    /// <summary>The commands that a line runs, for instance <c>kv get</c>.</summary>
    public static IEnumerable<string> CommandsIn(string line)
    {
        foreach (Match words in Invocations().Matches(line))
        {
            Command command = Tool.CreateRoot();
            var path = new List<string>();
            foreach (var word in words.Groups[1].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                if (command.Subcommands.FirstOrDefault(one => one.Name == word) is not { } found)
                {
                    break;
                }

                command = found;
                path.Add(word);
            }

            if (command.Subcommands.Count == 0)
            {
                yield return string.Join(' ', path);
            }
        }
    }

    /// <summary>The commands that do something, with all that are below this one.</summary>
    public static IEnumerable<string> CommandsBelow(Command command, string path = "") =>
        command.Subcommands.SelectMany(one => one.Subcommands.Count == 0 ? [$"{path}{one.Name}"] : CommandsBelow(one, $"{path}{one.Name} "));

    [GeneratedRegex("liferaft((?: +[a-z][a-z-]*)+)")]
    private static partial Regex Invocations();
}
