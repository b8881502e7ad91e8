namespace LifeRaft.Silo;

/// <summary>What is wrong with one setting.</summary>
/// <param name="Path">Its key with those above it, <c>Silo:Port</c>.</param>
/// <param name="Text">The rest of a sentence that begins with the path: the value and what to do.</param>
internal readonly record struct SettingProblem(string Path, string Text)
{
    public override string ToString() => $"{Path} {Text}";
}
