using LifeRaft.Protocol;

namespace LifeRaft.Hosting;

/// <summary>
/// What the silo's disk remembers of declared groups: that one was founded, and under which id, also where the silo has no member of it.
/// After a restart of the whole cluster the silos without members may run first, and must not take the group for one that never was.
/// </summary>
internal sealed class FoundingNotes(IRaftLogStore store) : IDisposable
{
    private const string Suffix = "/founded";

    // A note is a claim of its own in the log store; a second claim would fence off the first.
    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <summary>Whether what is stored under that name is a note and no node.</summary>
    public static bool IsNote(string name) => name.EndsWith(Suffix, StringComparison.Ordinal);

    /// <summary>The id under which the group was founded; <see cref="GroupId.None"/> if nothing is noted.</summary>
    public async Task<GroupId> Read(GroupName group, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            return IsNoted(group) ? (await store.Claim(NameOf(group), cancellationToken)).Restored.Identity.Group : GroupId.None;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Notes durably that the group was founded under that id; what was noted before is replaced.</summary>
    public async Task Write(GroupName group, GroupId id, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var log = await store.Claim(NameOf(group), cancellationToken);
            if (log.Restored.Identity.Group != id)
            {
                var written = new WriteCompletion();
                log.Write(new LogWrite(new NodeIdentity(id, MemberId.None), null, []), written);
                await written.Done.WaitAsync(cancellationToken);
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private bool IsNoted(GroupName group) => store.ListNodes(NameOf(group)).Contains(NameOf(group));

    /// <summary>No node can have this name in the store: it is no <see cref="NodeKey"/>.</summary>
    private static string NameOf(GroupName group) => $"{group}{Suffix}";
}
