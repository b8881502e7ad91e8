namespace LifeRaft.Silo;

/// <summary>What stands for a secret wherever settings are shown.</summary>
internal static class HiddenText
{
    public const string Mark = "***";

    /// <summary>The text without the user and the password, where it is a URL that has them.</summary>
    public static string Of(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.UserInfo.Length == 0)
        {
            return text;
        }

        var begin = text.IndexOf("://", StringComparison.Ordinal) + "://".Length;
        var end = text.IndexOfAny(['/', '?', '#'], begin);
        var at = text.LastIndexOf('@', end < 0 ? text.Length - 1 : end);
        return at < begin ? Mark : $"{text[..begin]}{Mark}{text[at..]}";
    }
}
