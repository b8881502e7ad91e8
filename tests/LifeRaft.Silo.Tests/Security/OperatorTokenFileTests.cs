namespace LifeRaft.Silo.Tests;

public sealed class OperatorTokenFileTests : IDisposable
{
    private const string Token = "0123456789abcdef0123456789abcdef";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(Token)]
    [InlineData(Token + "\n")]
    [InlineData(Token + "\r\n")]
    [InlineData(Token + "\nwho made it, and when\n")]
    public void The_first_line_is_the_token(string content) => Assert.NotNull(OperatorTokenFile.Read(Write(content)));

    [Fact]
    public void The_longest_token_is_taken_and_none_that_is_longer()
    {
        Assert.NotNull(OperatorTokenFile.Read(Write(new string('x', 1024) + "\r\n")));
        Assert.Contains("must have 32 to 1024.", ProblemOf(Write(new string('x', 1025))), StringComparison.Ordinal);
        Assert.Contains("must have 32 to 1024.", ProblemOf(Write(new string('x', 100_000))), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_missing_is_named_with_what_to_do()
    {
        var file = Path.Combine(_folder.Path, "operator.token");
        Assert.Equal(
            $"Dashboard:OperatorTokenFile is '{file}', but there is no such file (looked for {file}). Make it with (umask 077 && openssl rand -hex 32 > {file}), or remove the setting: then the page changes nothing.",
            ProblemOf(file));
        Assert.Contains("there is no such file", ProblemOf(_folder.Path), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "it has 0 characters")]
    [InlineData("\n" + Token, "it has 0 characters")]
    [InlineData("sesame\n", "it has 6 characters")]
    [InlineData("open sesame, open sesame, open sesame", "it has a character that cannot be sent")]
    public void What_is_no_token_is_said_and_not_repeated(string content, string expected)
    {
        var problem = ProblemOf(Write(content));
        Assert.Contains($"its first line is no token: {expected}", problem, StringComparison.Ordinal);
        Assert.DoesNotContain("sesame", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(UnixFileMode.OtherRead, "604")]
    [InlineData(UnixFileMode.OtherWrite, "602")]
    [InlineData(UnixFileMode.GroupRead | UnixFileMode.OtherRead, "644")]
    public void A_file_for_everybody_is_refused_and_one_for_its_group_is_taken(UnixFileMode more, string mode)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such modes.");
        var file = Write(Token, UnixFileMode.UserRead | UnixFileMode.UserWrite | more);
        var problem = ProblemOf(file);
        Assert.Contains($"but everybody on this machine may read or write it (mode {mode}). Take that away, chmod o= {file}", problem, StringComparison.Ordinal);
        Assert.DoesNotContain(Token, problem, StringComparison.Ordinal);
        Assert.NotNull(OperatorTokenFile.Read(Write(Token, UnixFileMode.UserRead | UnixFileMode.GroupRead)));
    }

    /// <summary>As Kubernetes mounts secrets: the link itself is for everybody, always.</summary>
    [Fact]
    public void Of_a_link_its_target_counts()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such modes.");
        var target = Write(Token);
        var link = Path.Combine(_folder.Path, "link");
        File.CreateSymbolicLink(link, target);
        Assert.NotNull(OperatorTokenFile.Read(link));
        Write(Token, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        Assert.Contains("everybody on this machine", ProblemOf(link), StringComparison.Ordinal);
    }

    private static string ProblemOf(string file) => Assert.Single(Assert.Throws<SiloConfigurationException>(() => OperatorTokenFile.Read(file)).Problems);

    private string Write(string content, UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserWrite) => _folder.Write("given.token", content, mode);
}
