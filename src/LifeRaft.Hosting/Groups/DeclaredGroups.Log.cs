using LifeRaft.Protocol;
using Microsoft.Extensions.Logging;

namespace LifeRaft.Hosting;

internal sealed partial class DeclaredGroups
{
    [LoggerMessage(20, LogLevel.Information, "The declared group {Group} ({Members} members) is not complete yet. It waits for: {WaitsFor}")]
    private partial void LogWaiting(GroupName group, int members, string waitsFor);

    [LoggerMessage(21, LogLevel.Warning, "The declared group {Group} was founded as {Id} and deleted since: it is not founded again. Create it by hand, or remove its declaration.")]
    private partial void LogDeleted(GroupName group, GroupId id);
}
