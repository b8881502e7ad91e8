namespace LifeRaft.Dashboard;

/// <summary>The body of <c>POST api/actions/{name}</c>; each action needs some of it.</summary>
/// <param name="Group">The group, <c>{machine}/{name}</c>.</param>
/// <param name="Address">The node, <c>{name}@{silo}</c>.</param>
/// <param name="IsLearner">Of a node that is added: whether its vote is not to count.</param>
internal sealed record ActionRequest(string? Group, string? Address, string? Silo, bool IsLearner);

/// <summary>What became of it.</summary>
internal sealed record ActionResult(string Text);
