namespace LifeRaft.Hosting;

/// <summary>Where and how the write-ahead log lies.</summary>
public sealed class WriteAheadLogOptions
{
    /// <summary>The directory, which one silo has for itself.</summary>
    /// <value>No default. It is created when it is missing; on the device whose speed and durability you want.</value>
    public string Directory { get; set; } = "";

    /// <summary>Size of one segment file in bytes.</summary>
    /// <value>
    /// 64 KiB to 1 GiB; 64 MiB by default. Room is given back by the segment: smaller ones give it back sooner, and are begun more often,
    /// each with what is known of all nodes, about 300 bytes a node.
    /// </value>
    public long SegmentBytes { get; set; } = 64L * 1024 * 1024;

    /// <summary>What is wrong with the options, a sentence each.</summary>
    public IEnumerable<string> Problems()
    {
        if (string.IsNullOrWhiteSpace(Directory))
        {
            yield return $"{nameof(Directory)} is empty: name the directory that keeps this silo's log.";
        }

        if (SegmentBytes is < 64 * 1024 or > 1024 * 1024 * 1024)
        {
            yield return $"{nameof(SegmentBytes)} is {SegmentBytes}, but must be 64 KiB to 1 GiB (65536 to 1073741824).";
        }
    }
}
