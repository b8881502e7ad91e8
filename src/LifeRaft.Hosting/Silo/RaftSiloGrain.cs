using LifeRaft.Protocol;
using Orleans.Concurrency;
using Orleans.GrainDirectory;

namespace LifeRaft.Hosting;

/// <summary>One silo's knowledge of its nodes; the key is the silo's name.</summary>
[Alias("liferaft.silo")]
internal interface IRaftSilo : IGrainWithStringKey
{
    /// <summary>The nodes of that group that this silo's log store holds.</summary>
    Task<IReadOnlyList<NodeStatus>> Nodes(string group);

    /// <summary>What this silo remembers of the founding of a declared group.</summary>
    Task<FoundingNote> Founded(string group);

    /// <summary>What this silo says of itself and of its nodes, or of those of one group, with all details.</summary>
    Task<SiloReport> Report(string? group);

    /// <summary>What happened here after that position; null for everything that is remembered.</summary>
    Task<SiloJournalPage> Journal(SiloPosition? after);

    /// <summary>Asks the silo to lead nothing, or lets it lead again. The groups that it still leads.</summary>
    Task<IReadOnlyList<string>> Drain(bool isDrained);
}

/// <summary>What a silo remembers of a founding.</summary>
/// <param name="Group">The id under which the group was founded; none when nothing is known.</param>
/// <param name="IsDeleted">Whether that group was deleted.</param>
[GenerateSerializer]
[Immutable]
[Alias("liferaft.founding")]
internal sealed record FoundingNote([property: Id(0)] GroupId Group, [property: Id(1)] bool IsDeleted);

/// <summary>What one silo's journal holds after a position.</summary>
[GenerateSerializer]
[Immutable]
[Alias("liferaft.journal.silopage")]
internal sealed record SiloJournalPage([property: Id(0)] IReadOnlyList<JournalEntry> Entries, [property: Id(1)] SiloPosition Position);

[GrainType("liferaft-silo")]
[Reentrant]
[SiloNamePlacement]
[GrainDirectory(NoDirectory.Name)]
internal sealed class RaftSiloGrain(SiloRaft silo, FoundingNotes notes, SiloReporter reporter, SiloJournal journal) : Grain, IRaftSilo
{
    public Task<SiloReport> Report(string? group) => reporter.Report(group is null ? null : GroupName.Parse(group));

    public Task<SiloJournalPage> Journal(SiloPosition? after)
    {
        // A journal that was begun since is read from its beginning.
        var (entries, last) = journal.After(after?.Started == journal.Started ? after.Number : 0);
        return Task.FromResult(new SiloJournalPage(entries, new SiloPosition(journal.Started, last)));
    }

    public Task<IReadOnlyList<string>> Drain(bool isDrained) => isDrained ? silo.Drain() : silo.Resume();

    public async Task<FoundingNote> Founded(string group)
    {
        var id = await notes.Read(GroupName.Parse(group), CancellationToken.None);
        return new FoundingNote(id, !id.IsNone && silo.Store.IsDeleted(id));
    }

    public async Task<IReadOnlyList<NodeStatus>> Nodes(string group)
    {
        var name = GroupName.Parse(group);
        var keys = silo.Store.ListNodes($"{name}/")
            .Select(key => NodeKey.TryParse(key, out var parsed) ? parsed : default)
            .Where(key => key.Group == name)
            .ToList();
        return [.. (await Task.WhenAll(keys.Select(Look))).OfType<NodeStatus>()];
    }

    /// <summary>A node that cannot be opened hides none of the others.</summary>
    private async Task<NodeStatus?> Look(NodeKey key)
    {
        try
        {
            return await GrainFactory.GetGrain<IRaftRequests>(silo.Machines.GrainOf(key)).Look();
        }
        catch (RaftException)
        {
            return null;
        }
    }
}
