using System.Diagnostics;

namespace LifeRaft.Hosting;

/// <summary>The attributes of what is measured of a node: the state machine, and the group if the options name it.</summary>
internal sealed class NodeTags(string machine, string? group)
{
    private readonly KeyValuePair<string, object?> _machine = new("liferaft.machine", machine);
    private readonly KeyValuePair<string, object?> _group = new("liferaft.group", group);

    /// <summary>These and no others.</summary>
    public TagList Alone() => group is null ? new TagList([_machine]) : new TagList([_machine, _group]);

    /// <summary>These and one more. It lies on the stack.</summary>
    public TagList With(string key, string value)
    {
        var tags = Alone();
        tags.Add(key, value);
        return tags;
    }

    /// <summary>These and two more.</summary>
    public TagList With(string key, string value, string secondKey, string secondValue)
    {
        var tags = With(key, value);
        tags.Add(secondKey, secondValue);
        return tags;
    }
}
