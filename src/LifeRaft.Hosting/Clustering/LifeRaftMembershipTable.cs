using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace LifeRaft.Hosting;

/// <summary>Orleans' membership table, kept by the voters. Reads are linearizable; a write has happened, has not, or is said to be of unknown outcome.</summary>
internal sealed partial class LifeRaftMembershipTable(
    SystemGroup group, IOptions<LifeRaftClusteringOptions> options, IOptions<ClusterOptions> cluster, TimeProvider time, ILogger<LifeRaftMembershipTable> logger) : IMembershipTable
{
    /// <summary>How often somebody who waits for the table is told for whom.</summary>
    private static readonly TimeSpan _reportPeriod = TimeSpan.FromSeconds(5);

    /// <summary>A silo that stops says so in the table if it can, and does not hold up its host for long if the others are gone.</summary>
    private static readonly TimeSpan _patienceOfStopping = TimeSpan.FromSeconds(3);

    private TimeSpan Patience => group.IsStopping && _patienceOfStopping < options.Value.RequestTimeout ? _patienceOfStopping : options.Value.RequestTimeout;

    public Task InitializeMembershipTable(bool tryInitTableVersion) => InitializeMembershipTableAsync(tryInitTableVersion, CancellationToken.None);

    /// <summary>Orleans calls it once, and a silo without the table cannot start: so it waits for the table, however long that takes.</summary>
    public async Task InitializeMembershipTableAsync(bool tryInitTableVersion, CancellationToken cancellationToken)
    {
        using var both = CancellationTokenSource.CreateLinkedTokenSource(group.Ending, cancellationToken);
        var began = time.GetTimestamp();
        while (true)
        {
            try
            {
                await group.Table.Read(_reportPeriod, both.Token);
                return;
            }
            catch (GroupUnavailableException missing)
            {
                LogWaiting((int)time.GetElapsedTime(began).TotalSeconds, missing.Message);
            }
        }
    }

    public Task DeleteMembershipTableEntries(string clusterId) => DeleteMembershipTableEntriesAsync(clusterId, CancellationToken.None);

    public Task DeleteMembershipTableEntriesAsync(string clusterId, CancellationToken cancellationToken) => clusterId == cluster.Value.ClusterId
        ? Write(new MembershipCommand(MembershipCommandKind.Clear), cancellationToken)
        : throw new InvalidRequestException($"This membership table is that of cluster '{cluster.Value.ClusterId}' and holds nothing of '{clusterId}'.");

    public Task CleanupDefunctSiloEntries(DateTimeOffset beforeDate) => CleanupDefunctSiloEntriesAsync(beforeDate, CancellationToken.None);

    public Task CleanupDefunctSiloEntriesAsync(DateTimeOffset beforeDate, CancellationToken cancellationToken) =>
        Write(new MembershipCommand(MembershipCommandKind.Cleanup) { Before = beforeDate.UtcTicks }, cancellationToken);

    public Task<MembershipTableData> ReadRow(SiloAddress key) => ReadRowAsync(key, CancellationToken.None);

    public async Task<MembershipTableData> ReadRowAsync(SiloAddress key, CancellationToken cancellationToken) =>
        (await group.Table.Read(Patience, cancellationToken)).ToData(key);

    public Task<MembershipTableData> ReadAll() => ReadAllAsync(CancellationToken.None);

    public async Task<MembershipTableData> ReadAllAsync(CancellationToken cancellationToken) =>
        (await group.Table.Read(Patience, cancellationToken)).ToData();

    public Task<bool> InsertRow(MembershipEntry entry, TableVersion tableVersion) => InsertRowAsync(entry, tableVersion, CancellationToken.None);

    public Task<bool> InsertRowAsync(MembershipEntry entry, TableVersion tableVersion, CancellationToken cancellationToken) =>
        Write(
            new MembershipCommand(MembershipCommandKind.Insert, Guid.NewGuid())
            {
                Row = MembershipRow.From(entry),
                VersionETag = MembershipTableState.ETagOf(tableVersion.VersionEtag),
                Version = tableVersion.Version,
            },
            cancellationToken);

    public Task<bool> UpdateRow(MembershipEntry entry, string etag, TableVersion tableVersion) => UpdateRowAsync(entry, etag, tableVersion, CancellationToken.None);

    public Task<bool> UpdateRowAsync(MembershipEntry entry, string etag, TableVersion tableVersion, CancellationToken cancellationToken) =>
        Write(
            new MembershipCommand(MembershipCommandKind.Update, Guid.NewGuid())
            {
                Row = MembershipRow.From(entry),
                RowETag = MembershipTableState.ETagOf(etag),
                VersionETag = MembershipTableState.ETagOf(tableVersion.VersionEtag),
                Version = tableVersion.Version,
            },
            cancellationToken);

    public Task UpdateIAmAlive(MembershipEntry entry) => UpdateIAmAliveAsync(entry, CancellationToken.None);

    public Task UpdateIAmAliveAsync(MembershipEntry entry, CancellationToken cancellationToken) =>
        Write(new MembershipCommand(MembershipCommandKind.SignOfLife) { Row = MembershipRow.From(entry) }, cancellationToken);

    private Task<bool> Write(MembershipCommand command, CancellationToken cancellationToken) => group.Table.Write(command, Patience, cancellationToken);
}
