namespace LifeRaft.Chaos;

internal static class NodeStatuses
{
    /// <summary>The nodes in one line, for the message of a failure.</summary>
    public static string Describe(this IReadOnlyList<NodeStatus> nodes) => string.Join("; ", nodes.Select(node =>
        $"{node.Address} {node.State} term {node.Term} leader '{node.Leader}' last {node.Last} applied {node.Applied} {node.Failure}"));
}
