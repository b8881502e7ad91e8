using System.Text.RegularExpressions;

namespace LifeRaft.Docker.Tests;

public partial class DockerfileTests
{
    private static readonly Stage _build = Dockerfile.Stages.Single(stage => stage.Name == "build");
    private static readonly Stage _image = Dockerfile.Final;

    [Fact]
    public void Every_image_that_it_begins_with_has_a_version() => Assert.All(
        Dockerfile.Stages.Select(stage => stage.Base).Where(image => Dockerfile.Stages.All(stage => stage.Name != image)),
        image => Assert.Matches(@"^[\w./-]+:\d+\.\d+(\.\d+)?(-[\w-]+)?$", image));

    [Fact]
    public void What_is_copied_exists() => Assert.All(Dockerfile.Stages.SelectMany(stage => stage.All("COPY")), copy =>
    {
        var sources = copy.Words.SkipLast(1);
        if (copy.Flags.TryGetValue("from", out var from))
        {
            Assert.Contains(from, Dockerfile.Stages.Select(stage => stage.Name));
        }
        else
        {
            Assert.All(sources, source => Assert.True(BuildContext.Matching(source).Count > 0, $"{Dockerfile.Path}:{copy.Line}: {source} is not there, or .dockerignore leaves it out."));
        }
    });

    /// <summary>Too few and the restore fails; too many and the layer is made anew for projects that the image does not have.</summary>
    [Fact]
    public void The_layer_of_packages_has_just_the_projects_that_the_image_is_built_from()
    {
        var restored = _build.All("RUN").Where(run => run.Text.StartsWith("dotnet restore", StringComparison.Ordinal)).Select(run => ProjectFileOf(run.Words[2])).ToArray();
        var published = _build.All("RUN").Where(run => run.Text.StartsWith("dotnet publish", StringComparison.Ordinal)).Select(run => ProjectFileOf(run.Words[2]));
        Assert.Equal(restored, published);

        var before = _build.Instructions.TakeWhile(each => each.Keyword != "RUN").Where(each => each.Keyword == "COPY").ToList();
        var projects = before.SelectMany(copy => copy.Words.SkipLast(1)).Where(source => source.EndsWith(".csproj", StringComparison.Ordinal));
        Assert.Equal(ProjectGraph.Closure(restored), projects.Order(StringComparer.Ordinal));
        Assert.All(before.SelectMany(copy => copy.Words.SkipLast(1)), source => Assert.Matches(@"\.(csproj|props|json|targets)$", source));
    }

    [Fact]
    public void The_context_has_no_build_output_and_nothing_that_the_image_does_not_need()
    {
        Assert.DoesNotContain(BuildContext.Files, file => file.Contains("/bin/", StringComparison.Ordinal) || file.Contains("/obj/", StringComparison.Ordinal));
        Assert.All(BuildContext.Files, file => Assert.Matches(@"^(src/LifeRaft|\.editorconfig$|global\.json$|Directory\.|docker/single\.json$)", file));
    }

    /// <summary>$APP_UID is 1654 in .NET's images; the volume is made for it.</summary>
    [Fact]
    public void It_does_not_run_as_root()
    {
        var user = _image.All("USER").Last();
        Assert.Equal("$APP_UID", user.Text);
        Assert.DoesNotContain(_image.Instructions.SkipWhile(each => each != user).Skip(1), each => each.Keyword is "RUN" or "COPY");
        var volume = Assert.Single(_image.All("VOLUME")).Text;
        Assert.Equal("1654:1654", Assert.Single(_image.All("COPY"), copy => copy.Words[^1] == volume).Flags["chown"]);
    }

    [Fact]
    public void The_final_stage_starts_no_shell()
    {
        Assert.Empty(_image.All("RUN")); // Chiseled: there is nothing to run.
        Assert.Equal(["/app/LifeRaft.Silo"], _image.Only("ENTRYPOINT").Exec);
        Assert.NotNull(_image.Only("CMD").Exec);
        Assert.Equal("CMD", _image.Only("HEALTHCHECK").Words[0]);
        Assert.NotNull(HealthCheck);
    }

    [Fact]
    public void Its_health_check_is_the_silos_own_and_that_of_compose()
    {
        Assert.Equal("/app/LifeRaft.Silo", HealthCheck[0]);
        Assert.Contains("--healthcheck", HealthCheck);
        Assert.Equal(["CMD", .. HealthCheck], new ComposeFile(ComposeFile.Silos).Services["silo-1"]["healthcheck"]!["test"].Texts());
        var flags = _image.Only("HEALTHCHECK").Flags;
        Assert.True(GoDuration.Parse(flags["timeout"]) < GoDuration.Parse(flags["interval"]));
    }

    [Fact]
    public void Its_ports_are_those_of_the_silo() => Assert.Equal(["8080", "11111", "30000", "12111"], _image.Only("EXPOSE").Words);

    [Fact]
    public void No_secret_is_baked_in() =>
        Assert.All(Dockerfile.Stages.SelectMany(stage => stage.Instructions), each => Assert.DoesNotMatch(Secret(), $"{each.Keyword} {each.Text}"));

    private static IReadOnlyList<string> HealthCheck => Instruction.Parse(0, _image.Only("HEALTHCHECK").Text).Exec!;

    private static string ProjectFileOf(string folder) => $"{folder}/{Path.GetFileName(folder)}.csproj";

    [GeneratedRegex("(password|secret|token|apikey)", RegexOptions.IgnoreCase)]
    private static partial Regex Secret();
}
