using System.Diagnostics;
using System.Text.RegularExpressions;

namespace LifeRaft.Docker.Tests;

/// <summary>How docker/README.md copies volumes: two copies in one directory would be one database that is neither.</summary>
public sealed partial class CopyTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("liferaft-copy-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_copy_goes_into_an_empty_volume_only()
    {
        var line = Assert.Single(Readme.Code, code => code.Contains("cp -a", StringComparison.Ordinal));
        var script = Script().Match(line).Groups["script"].Value;
        var (first, second, target) = (_folder.CreateSubdirectory("first"), _folder.CreateSubdirectory("second"), _folder.CreateSubdirectory("target"));
        File.WriteAllText(Path.Combine(first.FullName, "000007.log"), "of the first");
        File.WriteAllText(Path.Combine(second.FullName, "000008.log"), "of the second");

        Assert.Equal(0, Run(script, first, target).ExitCode);
        var refused = Run(script, second, target);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("take a new volume", refused.Output, StringComparison.Ordinal);
        Assert.Equal(["000007.log"], target.EnumerateFiles().Select(file => file.Name));
    }

    [Fact]
    public void Each_copy_has_a_date_in_its_name_and_is_verified()
    {
        var copies = Readme.Code.Select(code => Copy().Match(code)).Where(match => match.Success).Select(match => match.Groups["to"].Value).Where(to => !Volume().IsMatch(to)).ToList();
        Assert.NotEmpty(copies);
        Assert.All(copies, copy =>
        {
            Assert.Matches(@"-silo-\d+-\d{4}-\d\d-\d\d$", copy);
            Assert.Contains($"offline {copy} wal verify --data /data/log", Readme.Code);
        });
    }

    private static Answer Run(string script, DirectoryInfo from, DirectoryInfo to) => Shell.Run(
        new ProcessStartInfo("sh", ["-c", script.Replace("/from", from.FullName, StringComparison.Ordinal).Replace("/to", to.FullName, StringComparison.Ordinal)]), Shell.Patience);

    [GeneratedRegex("sh -c '(?<script>[^']+)'")]
    private static partial Regex Script();

    [GeneratedRegex(@"^copy \S+ (?<to>\S+)$")]
    private static partial Regex Copy();

    [GeneratedRegex(@"^liferaft-silo-\d+$")]
    private static partial Regex Volume();
}
