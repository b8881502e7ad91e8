using System.Text.RegularExpressions;

namespace LifeRaft.Cli.Tests.Up;

/// <summary>What differs from run to run in what the tool prints, and what stands for it in snapshots.</summary>
internal static class Volatile
{
    /// <summary>Counts, durations, ids, addresses, times and who leads, and with them the widths.</summary>
    public static readonly (string Pattern, string Replacement)[] InLooks =
    [
        ("locks?/default", "LOCKS"),
        (@"S127\.0\.0\.1:\d+:\d+", "SILO"),
        (@"[0-9a-f]{8}-[0-9a-f-]{27}", "ID"),
        (@"/tmp/liferaft-up-\w+", "DATA"),
        (@"\d{4}-\d\d-\d\dT[0-9:.]+(Z|\+00:00)", "TIME"),
        (@"\d+@silo-\d", "NODE"),
        (@"(Ms"": )(null|[0-9.]+)", "$1N"),
        (@"(""(?:term|last|commit|applied|match|lag|first|pending|electionsInLastHour|leads|nodes|startCount|commitsPerSecond)"": )(null|[0-9.]+)", "$1N"),
        (@"""peer"": (null|\{[^{}]*\})", @"""peer"": PEER"),
        (@"""terms"": \[[^\]]*\]", @"""terms"": TERMS"),
        (@"""version"": ""[^""]*""", @"""version"": ""VERSION"""),
        (@"""role"": ""(leader|follower)""", @"""role"": ""ROLE"""),
        (@"(""isQuiet"": )(true|false)", "$1QUIET"),
        (@"(?<=  )(leader|follower)(, quiet)?(?= )", "ROLE"),
        (@"(; slowest|; commit p99) .*", ""),
        (@"(of term |up to |for )[0-9][0-9.,]*( (us|ms|s|min))?", "$1N"),
        (@"(?m)^[0-9.,]+ (commits/s|election)s?", "N $1"),
        (@"(?<=  )([0-9][0-9.,]*( (us|ms|s|min))?|-)(?= |\r?\n)", "N"),
        (@"(?<=\S) {2,}(?=\S)", "  "),
    ];

    /// <summary>The same of sessions, in which the names of nodes are no chance but for who leads.</summary>
    public static readonly (string Pattern, string Replacement)[] InSessions =
    [
        (@"\b([0-9a-f]{64}|[0-9A-F]{16})\b", "HASH"),
        (@"\b([0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{8})\b", "ID"),
        (@"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+)?( UTC|Z)?|^\d\d:\d\d:\d\d\.\d{3}", "TIME"),
        (@"[\w.-]+/\d+$", "HOST/PROCESS"),
        (@"^\d@silo-\d(?= leads)|(?<=before it )\d@silo-\d|(?<=^As )\d@silo-\d", "NODE"),
        (@"^\S+ +\S+ +\S+ +(would move|moved)$", "GROUP  NODE  NODE  $1"),
        (@", which leads it,", ""),

        // On a busy machine a member may fall silent for a moment, and another one lead before it is told to.
        ("could not serve any more", "could lose no voter"),
        (@"(?<=leads \S+) already\.", " in term N; before it NODE did."),
        (@"(?<=  )(leader|follower)(, quiet)?(?= )", "ROLE"),
        (@"(?<=  )-(?=  |$)", "N"),
        (@"(?<!version |code |have |[<>]= |[\w@:/.[-])(?>\d([\d.,]*\d)?)( (us|ms|s|min|h)\b)?(?![\w@/>-]|:\d)", "N"),
        (@"^ +(?=N\b)", ""),
        (@"(?<=\S) {2,}(?=\S)", "  "),
    ];

    /// <summary>What was printed in a session, without what differs from run to run. How many groups change their leader does, too.</summary>
    public static string Replaced(string session) => Regex.Replace(
        string.Join('\n', session.Split('\n').Select(line => line.StartsWith("$ ", StringComparison.Ordinal)
            ? line
            : InSessions.Aggregate(line, (text, part) => Regex.Replace(text, part.Pattern, part.Replacement)))),
        @"(GROUP  NODE .*\n)\1+",
        "$1");
}
