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

    [Fact]
    public void Who_a_URL_signs_in_as_is_not_shown()
    {
        var written = Write(_folder.Write("otlp.json", """{ "Silo": { "Name": "a" }, "Telemetry": { "Otlp": { "Endpoint": "https://silo:sesame@collector:4317/x" } } }"""));
        Assert.Contains("\"Endpoint\": \"https://***@collector:4317/x\"", written, StringComparison.Ordinal);
        Assert.DoesNotContain("sesame", written, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "Silo": { "Name": "a" }, "Telemetry": { "Otlp": { "Endpoint": "ftp://silo:sesame@collector" } } }""")]
    [InlineData("""{ "Silo": { "Name": "a" }, "Clustering": { "Kind": "AdoNet", "AdoNet": { "ConnectionString": "Host=x;Password=open;sesame" } } }""")]
    [InlineData("""{ "Silo": { "Name": "a" }, "Clustering": { "Kind": "AdoNet", "AdoNet": { "ConnectionString": "Host=x;Password=open;sesame=1" } } }""")]
    [InlineData("""{ "Silo": { "Name": "a" }, "Clustering": { "Kind": "Redis", "Redis": { "ConnectionString": "x,password=open,sesame=1" } } }""")]
    public void Nor_are_secrets_in_what_is_said_of_a_mistake(string json)
    {
        var problem = Assert.Single(Assert.Throws<SiloConfigurationException>(() => Write(_folder.Write("silo.json", json))).Problems);
        Assert.DoesNotContain("sesame", problem, StringComparison.Ordinal);
    }

    private static string Write(string file)
    {
        var output = new StringWriter();
        EffectiveSettings.Write(SiloConfigurationFile.Read(file, new Hashtable(), new Dictionary<string, string>()), output);
        return output.ToString();
    }

    private static IReadOnlyList<string> WithoutOrigins(string text) => [.. text.Split('\n').Select(line => line.Split(" // ")[0])];
}
