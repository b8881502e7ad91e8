using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>
/// A step of the build: copies the files in which planted-bugs.md changes something, each change guarded by the switch of its bug. It is
/// compiled by MSBuild, against .NET Standard 2.0.
/// </summary>
public sealed class Weaver : Task
{
    private readonly Dictionary<string, string> _texts = new Dictionary<string, string>();

    /// <summary>The description of the bugs: a heading names each, and a diff block says what it changes in which file.</summary>
    [Required]
    public string Bugs { get; set; }

    /// <summary>The folder that the paths in the description are relative to.</summary>
    [Required]
    public string Root { get; set; }

    /// <summary>The full paths of all files.</summary>
    [Required]
    public string[] Originals { get; set; }

    /// <summary>Where the changed copies go.</summary>
    [Required]
    public string Folder { get; set; }

    /// <summary>What to compile: the originals, except where there is a changed copy.</summary>
    [Output]
    public string[] Sources { get; set; }

    public override bool Execute()
    {
        string bug = "", file = "";
        var (rule, broken) = (new List<string>(), new List<string>());
        var number = 0;
        foreach (var line in File.ReadAllLines(Bugs).Concat(new[] { "" }))
        {
            number++;
            var isChange = line.StartsWith("-    ", StringComparison.Ordinal) || line.StartsWith("+    ", StringComparison.Ordinal);
            if (rule.Count > 0 && (!isChange || (line[0] == '-' && broken.Count > 0)))
            {
                Change(bug, file, string.Join("\n", rule), string.Join("\n", broken), number);
                rule.Clear();
                broken.Clear();
            }

            if (isChange)
            {
                (line[0] == '-' ? rule : broken).Add(line.Substring(1));
            }
            else if (line.StartsWith("## ", StringComparison.Ordinal))
            {
                bug = line.Substring(3).Trim();
            }
            else if (line.StartsWith("--- ", StringComparison.Ordinal))
            {
                file = Path.GetFullPath(Path.Combine(Root, line.Substring(4).Trim()));
            }
        }

        Sources = Originals.Select(Woven).ToArray();
        return !Log.HasLoggedErrors;
    }

    private void Change(string bug, string file, string rule, string broken, int number)
    {
        if (!_texts.TryGetValue(file, out var text))
        {
            // Generated code says itself whether it minds nulls; and its lines are those of the original.
            text = "#nullable enable\n#line 1 \"" + file + "\"\n" + File.ReadAllText(file).Replace("\r\n", "\n");
        }

        var at = text.IndexOf(rule, StringComparison.Ordinal);
        if (at < 0 || text.IndexOf(rule, at + 1, StringComparison.Ordinal) >= 0)
        {
            Log.LogError("", "", "", Bugs, number, 0, 0, 0, "{0}: the rule that it breaks is {1} in {2}: {3}", bug, at < 0 ? "not" : "more than once", file, rule);
        }
        else
        {
            var isPlanted = "global::LifeRaft.Simulation.Planted.Switch." + (bug == "None" ? "IsAny" : "Is(\"" + bug + "\")");
            _texts[file] = text.Replace(rule, broken.Replace("PLANTED", isPlanted));
        }
    }

    private string Woven(string original)
    {
        if (!_texts.TryGetValue(Path.GetFullPath(original), out var text))
        {
            return original;
        }

        var copy = Path.Combine(Folder, Path.GetFileNameWithoutExtension(original) + ".g.cs");
        Directory.CreateDirectory(Folder);
        if (!File.Exists(copy) || File.ReadAllText(copy) != text)
        {
            File.WriteAllText(copy, text);
        }

        return copy;
    }
}
