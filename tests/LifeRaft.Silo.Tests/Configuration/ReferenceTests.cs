using System.Collections;
using System.Text.Json;
using LifeRaft.Hosting;

namespace LifeRaft.Silo.Tests;

/// <summary><c>silo-config/reference.jsonc</c> is complete and true.</summary>
public sealed class ReferenceTests
{
    private static readonly string _file = Repository.SiloConfig("reference.jsonc");
    private static readonly string[] _lines = File.ReadAllLines(_file);
    private static readonly JsonElement _reference = JsonDocument.Parse(File.ReadAllText(_file), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip }).RootElement;

    public static TheoryData<string> Keys => [.. Settings(new SiloConfiguration(), "").Select(setting => setting.Path)];

    /// <summary>An option that is added and not explained there fails here.</summary>
    [Theory]
    [MemberData(nameof(Keys))]
    public void Each_setting_is_there_with_its_default(string path)
    {
        var setting = Settings(new SiloConfiguration(), "").Single(each => each.Path == path);
        var element = path.Split(':').Aggregate((JsonElement?)_reference, (parent, key) => parent is { } at && at.TryGetProperty(key, out var child) ? child : null);
        Assert.True(element is not null, $"silo-config/reference.jsonc lacks {path}. Explain it there.");
        if (setting.Value is IDictionary dictionary)
        {
            Assert.Equal(dictionary.Keys.Cast<string>().Select(key => $"{key}={dictionary[key]}").Order(), element.Value.EnumerateObject().Select(entry => $"{entry.Name}={entry.Value}").Order());
        }
        else
        {
            Assert.Equal(setting.Value, SettingText.Read(element.Value.ToString(), setting.Value.GetType()));
        }
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public void Each_setting_is_explained(string path)
    {
        var comment = CommentOf(path);
        Assert.True(comment.Count >= 3, $"{path} must be explained above it: what it means, its range, and when to change it.");
        Assert.Contains(comment, line => line.StartsWith("// Range: ", StringComparison.Ordinal));
        Assert.Contains(comment, line => line.StartsWith("// Change it", StringComparison.Ordinal));
    }

    [Fact]
    public void Nothing_is_there_that_is_no_setting()
    {
        var failure = Assert.Throws<SiloConfigurationException>(() => SiloConfigurationFile.Read(_file, new Hashtable(), new Dictionary<string, string>()));
        Assert.StartsWith($"{_file}: Silo:Name is ''", Assert.Single(failure.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void It_is_a_file_that_can_be_started_once_the_silo_has_a_name() =>
        Assert.Equal("a", SiloConfigurationFile.Read(_file, new Hashtable(), new Dictionary<string, string> { ["Silo:Name"] = "a" }).Configuration.Silo.Name);

    /// <summary>The reflection above sees the options that matter.</summary>
    [Fact]
    public void All_options_of_nodes_are_settings()
    {
        var paths = Settings(new SiloConfiguration(), "").Select(setting => setting.Path).ToHashSet();
        Assert.All(typeof(RaftOptions).GetProperties(), property => Assert.Contains($"LifeRaft:{property.Name}", paths));
        Assert.Contains("Tls:RequireClientCertificate", paths);
    }

    private static IEnumerable<(string Path, object Value)> Settings(object group, string path)
    {
        foreach (var property in SettingProperties.Of(group.GetType()))
        {
            var value = property.GetValue(group)!;
            var own = path.Length == 0 ? property.Name : $"{path}:{property.Name}";
            if (SettingText.CanRead(property.PropertyType) || value is IDictionary)
            {
                yield return (own, value);
                continue;
            }

            foreach (var setting in Settings(value, own))
            {
                yield return setting;
            }
        }
    }

    private static IReadOnlyList<string> CommentOf(string path)
    {
        var line = -1;
        foreach (var key in path.Split(':'))
        {
            line = Array.FindIndex(_lines, line + 1, each => each.TrimStart().StartsWith($"\"{key}\":", StringComparison.Ordinal));
            Assert.True(line >= 0, $"silo-config/reference.jsonc lacks {path}.");
        }

        return [.. _lines.Take(line).Reverse().Select(each => each.Trim()).TakeWhile(each => each.StartsWith("//", StringComparison.Ordinal))];
    }
}
