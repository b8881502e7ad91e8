using LifeRaft.Protocol;
using Microsoft.Extensions.Logging;

namespace LifeRaft.Hosting;

internal sealed partial class DeclaredGroups
{
    [LoggerMessage(2200, LogLevel.Information, "The declared group {Group} ({Members} members) is not complete yet. It waits for: {WaitsFor}", EventName = "DeclaredGroupWaits")]
    private partial void LogWaiting(GroupName group, int members, string waitsFor);

    [LoggerMessage(2201, LogLevel.Warning, "The declared group {Group} was founded as {Id} and deleted since: it is not founded again. Create it by hand, or remove its declaration.", EventName = "DeclaredGroupDeleted")]
    private partial void LogDeleted(GroupName group, GroupId id);
}
