using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Logging;

namespace LifeRaft.Cluster.Tests;

/// <summary>The page of the telemetry lists every log event of every assembly that ships, and nothing else.</summary>
public sealed class LogEventsTests
{
    private const BindingFlags Declared = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private static readonly List<LogEvent> _events = [.. Repository.Shipped.SelectMany(EventsOf).OrderBy(logEvent => logEvent.Id)];

    [Fact]
    public void Each_has_an_id_and_a_name_of_its_own()
    {
        Assert.NotEmpty(_events);
        Assert.All(_events.GroupBy(logEvent => logEvent.Id), same => Assert.True(same.Count() == 1, $"The id {same.Key} is that of {string.Join(" and ", same)}. Give one of them the next free one of its range; see {TelemetryPage.Path}."));
        Assert.All(_events.GroupBy(logEvent => logEvent.Name), same => Assert.True(same.Count() == 1, $"The name {same.Key} is that of {string.Join(" and ", same)}. Name the one by what happened, where."));
    }

    [Fact]
    public void Each_has_an_id_of_the_range_of_its_project()
    {
        var ranges = TelemetryPage.Read("Ranges of event ids").ToDictionary(row => row[0], row => row[1].Split('-').Select(int.Parse).ToArray());
        Assert.All(_events, logEvent => Assert.True(
            ranges.TryGetValue(logEvent.Assembly, out var range) && logEvent.Id >= range[0] && logEvent.Id <= range[1],
            $"{logEvent} of {logEvent.Assembly} has an id outside of its range. {TelemetryPage.Path} has the ranges; a new project adds its own."));
    }

    [Fact]
    public void The_page_lists_each()
    {
        var listed = TelemetryPage.Read("Log events").Select(row => string.Join(" | ", row)).ToList();
        var real = _events.ConvertAll(logEvent => $"{logEvent.Id.ToString(CultureInfo.InvariantCulture)} | {logEvent.Level} | {logEvent.Name} | {logEvent.Message}");
        TelemetryPage.Compare("Log events", real, listed);
    }

    private static IEnumerable<LogEvent> EventsOf(Assembly assembly) =>
        from type in assembly.GetTypes()
        from method in type.GetMethods(Declared)
        from attribute in method.GetCustomAttributes<LoggerMessageAttribute>()
        select new LogEvent(assembly.GetName().Name!, attribute.EventId, attribute.Level, attribute.EventName ?? method.Name, attribute.Message);

    private sealed record LogEvent(string Assembly, int Id, LogLevel Level, string Name, string Message);
}
