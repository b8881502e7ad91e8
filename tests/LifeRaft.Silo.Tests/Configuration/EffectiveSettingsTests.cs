using System.Collections;

namespace LifeRaft.Silo.Tests;

public sealed class EffectiveSettingsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_written_reads_back_as_the_same()
    {
        var first = Write(Repository.SiloConfig("dev.json"));
        var second = Write(_folder.Write("again.json", first));
        Assert.Equal(WithoutOrigins(first), WithoutOrigins(second));
        Assert.Contains("\"Name\": \"dev\", // ", first, StringComparison.Ordinal);
        Assert.Contains("\"kv/default\": {", first, StringComparison.Ordinal);
    }

    [Fact]
    public void Secrets_are_not_shown()
    {
        var written = Write(_folder.Write("redis.json", """{ "Silo": { "Name": "a" }, "Clustering": { "Kind": "Redis", "Redis": { "ConnectionString": "localhost:6379,password=sesame" } } }"""));
        Assert.Contains("\"ConnectionString\": \"***\"", written, StringComparison.Ordinal);
        Assert.DoesNotContain("sesame", written, StringComparison.Ordinal);
    }

    private static string Write(string file)
    {
        var output = new StringWriter();
        EffectiveSettings.Write(SiloConfigurationFile.Read(file, new Hashtable(), new Dictionary<string, string>()), output);
        return output.ToString();
    }

    private static IReadOnlyList<string> WithoutOrigins(string text) => [.. text.Split('\n').Select(line => line.Split(" // ")[0])];
}
