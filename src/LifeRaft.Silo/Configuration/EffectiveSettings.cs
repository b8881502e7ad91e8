using System.Collections;
using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace LifeRaft.Silo;

/// <summary>Writes all settings as they are after defaults and overrides, as a file that can be read again, each with where it comes from.</summary>
internal static class EffectiveSettings
{
    // For people: an apostrophe stays one.
    private static readonly JsonSerializerOptions _json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(SiloConfigurationFile file, TextWriter output) => WriteGroup(Members(file.Configuration), "", "", file, output);

    private static void WriteGroup(IReadOnlyList<Member> members, string path, string indent, SiloConfigurationFile file, TextWriter output)
    {
        output.WriteLine("{");
        foreach (var (index, member) in members.Index())
        {
            var memberPath = path.Length == 0 ? member.Name : $"{path}:{member.Name}";
            var comma = index < members.Count - 1 ? "," : "";
            output.Write($"{indent}  {JsonSerializer.Serialize(member.Name, _json)}: ");
            if (SettingText.CanRead(member.Value.GetType()))
            {
                output.WriteLine($"{Literal(member)}{comma} // {file.OriginOf(memberPath) ?? "default"}");
            }
            else
            {
                WriteGroup(Members(member.Value), memberPath, indent + "  ", file, output);
                output.WriteLine(comma);
            }
        }

        output.Write($"{indent}}}");
        if (indent.Length == 0)
        {
            output.WriteLine();
        }
    }

    private static string Literal(Member member)
    {
        var text = SettingText.Write(member.Value);
        return member.Value switch
        {
            _ when member.IsSecret && text.Length > 0 => JsonSerializer.Serialize(HiddenText.Mark, _json),
            int or long or double or bool => text,
            _ => JsonSerializer.Serialize(HiddenText.Of(text), _json),
        };
    }

    private static IReadOnlyList<Member> Members(object group) => group is IDictionary dictionary
        ? [.. dictionary.Keys.Cast<string>().Select(key => new Member(key, dictionary[key]!, IsSecret: false))]
        : [.. SettingProperties.Of(group.GetType()).Select(property => new Member(property.Name, property.GetValue(group)!, property.IsDefined(typeof(SecretAttribute))))];

    private readonly record struct Member(string Name, object Value, bool IsSecret);
}
