namespace LifeRaft.Hosting;

/// <summary>A group that is to exist from the first start on; see <see cref="RaftOptions.Groups"/>.</summary>
public sealed class GroupDeclaration
{
    /// <summary>How many members the group gets, each on a silo of its own.</summary>
    /// <value>1, 3, 5, 7 or 9; 3 by default. The group survives the loss of the smaller half: one of three, two of five.</value>
    public int Members { get; set; } = 3;
}
