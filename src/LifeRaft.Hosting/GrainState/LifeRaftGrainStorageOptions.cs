using Orleans.Storage;

namespace LifeRaft.Hosting;

/// <summary>Where a grain storage keeps states, and how.</summary>
public sealed class LifeRaftGrainStorageOptions : IStorageProviderSerializerOptions
{
    /// <summary>Groups over which the grains are spread.</summary>
    /// <value>
    /// 1 to 64; 4 by default. More share the work among more leaders. It is fixed with the first state: a storage that is configured with
    /// another number than it was begun with refuses to serve, for grains would not find their states.
    /// </value>
    public int Groups { get; set; } = 4;

    /// <summary>Members of each group, each on a silo of its own.</summary>
    /// <value>1, 3, 5, 7 or 9; 3 by default. States survive the loss of the smaller half. It counts when a group is founded.</value>
    public int Members { get; set; } = 3;

    /// <summary>How the names of the groups begin: they are <c>grain-state/{prefix}-0</c> and so on.</summary>
    /// <value>1 to 60 letters, digits, dots, underscores or hyphens; the name of the storage by default.</value>
    public string? GroupPrefix { get; set; }

    /// <summary>Whether clearing a state removes its record.</summary>
    /// <value>
    /// True by default. With false a small record remains, by which also a writer is refused that read before the state was first written and
    /// writes after it was cleared.
    /// </value>
    public bool DeleteOnClear { get; set; } = true;

    /// <summary>How long a read or write may take, and a second time so long for finding out what became of a write.</summary>
    /// <value>1 ms to 1 day; that of <see cref="RaftOptions.CommandTimeout"/> by default.</value>
    public TimeSpan? Timeout { get; set; }

    /// <summary>Turns states into bytes.</summary>
    /// <value>Orleans' own by default, which writes JSON.</value>
    public IGrainStorageSerializer GrainStorageSerializer { get; set; } = null!;

    internal IEnumerable<GroupName> GroupNames(string storage) =>
        Enumerable.Range(0, Groups).Select(number => GroupName.Parse($"{LifeRaftGrainStorage.Machine}/{GroupPrefix ?? storage}-{number}"));
}
