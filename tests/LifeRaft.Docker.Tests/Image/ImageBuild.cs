using System.Diagnostics;
using System.Text.RegularExpressions;

namespace LifeRaft.Docker.Tests;

/// <summary>Carries out a Dockerfile, instruction by instruction, in folders: what a stage's root file system holds beside its base image.</summary>
internal sealed partial class ImageBuild
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(20);
    private readonly Dictionary<string, string> _arguments = new() { ["TARGETARCH"] = Containers.Architecture };
    private readonly string _folder;

    private ImageBuild(string folder) => _folder = folder;

    /// <summary>Builds all stages under a folder and returns that of the image.</summary>
    public static string Run(string folder)
    {
        var build = new ImageBuild(folder);
        for (var index = 0; index < Dockerfile.Stages.Count; index++)
        {
            build.Run(Dockerfile.Stages[index], build.RootOf(index));
        }

        return build.RootOf(Dockerfile.Stages.Count - 1);
    }

    private void Run(Stage stage, string root)
    {
        Directory.CreateDirectory(root);
        Directory.CreateDirectory($"{root}.tmp");
        var workingFolder = "/";
        foreach (var instruction in stage.Instructions)
        {
            switch (instruction.Keyword)
            {
                case "WORKDIR":
                    workingFolder = instruction.Text;
                    Directory.CreateDirectory(root + workingFolder);
                    break;
                case "COPY":
                    Copy(instruction, root, workingFolder);
                    break;
                case "RUN":
                    Run(instruction, root, workingFolder);
                    break;
            }
        }
    }

    private void Copy(Instruction copy, string root, string workingFolder)
    {
        var target = Path.Combine(root, Path.Combine(workingFolder, copy.Words[^1])[1..]);
        foreach (var source in copy.Words.SkipLast(1))
        {
            if (copy.Flags.TryGetValue("from", out var from))
            {
                var stage = RootOf(Dockerfile.Stages.ToList().FindIndex(each => each.Name == from));
                Shell.Run("cp", "--archive", "--no-target-directory", stage + source, target).OrFail($"{copy.Keyword} {copy.Text}");
            }
            else
            {
                foreach (var file in BuildContext.Matching(source))
                {
                    // A folder's contents go into the target; a file becomes it, or goes into it where it ends with a slash.
                    var relative = file == source ? (copy.Words[^1].EndsWith('/') ? Path.GetFileName(file) : "") : file[source.TrimEnd('/').Length..].TrimStart('/');
                    var path = Path.Combine(target, relative);
                    Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                    File.Copy(Tree.PathOf(file), path, overwrite: true);
                }
            }
        }

        if (copy.Flags.TryGetValue("chown", out var owner))
        {
            Shell.Run("chown", "--recursive", owner, target).OrFail($"{copy.Keyword} {copy.Text}");
        }
    }

    /// <summary>As Docker does: by a shell, as root, in the stage's file system. NuGet's packages are this machine's.</summary>
    private void Run(Instruction run, string root, string workingFolder)
    {
        var packages = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget");
        Directory.CreateDirectory(packages);
        var command = Variable().Replace(run.Text, match => _arguments[match.Groups["name"].Value]);
        var start = new ProcessStartInfo("unshare",
        [
            "--mount", "--pid", "--fork", "--kill-child", "bash", Containers.Script, root, "0", workingFolder,
            "ro:/etc:/etc", $"rw:{packages}:/root/.nuget", $"rw:{root}.tmp:/tmp", "--", "sh", "-c", command,
        ]);
        start.Environment["HOME"] = "/root";
        foreach (var variable in start.Environment.Keys.Where(each => each.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase) || each is "CI").ToList())
        {
            start.Environment.Remove(variable); // Of the build that runs these tests, not of the image's.
        }

        Shell.Run(start, _patience).OrFail($"{Dockerfile.Path}:{run.Line}: RUN {command}");
    }

    private string RootOf(int stage) => Path.Combine(_folder, $"stage-{stage}");

    [GeneratedRegex(@"\$(?<name>\w+)")]
    private static partial Regex Variable();
}
