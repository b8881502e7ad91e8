using System.Globalization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace LifeRaft.Dashboard;

/// <summary>What can be read, as JSON and as a stream of events.</summary>
internal sealed class DashboardApi(ClusterPoller poller, HelloMessage hello, CancellationToken stopping)
{
    /// <summary><c>GET api/stream?group=NAME</c>: server-sent events, <see cref="HelloMessage"/>, then <see cref="StateMessage"/> and <see cref="EventsMessage"/>.</summary>
    public async Task Stream(HttpContext context)
    {
        var group = context.Request.Query["group"].ToString();
        using var viewer = poller.Join(group.Length > 0 ? group : null, out var fresh);
        await (viewer is null ? Full(context) : new EventStream(context, stopping).Send(poller, viewer, fresh, hello));
    }

    /// <summary><c>GET api/cluster</c>: <see cref="ClusterView"/>.</summary>
    public Task Cluster(HttpContext context) => Once(context, null, state => Answer(
        context, new ClusterView(state.At, state.Silos, state.Silent, state.Groups, state.Failure), DashboardJson.Default.ClusterView, state.Failure is null ? 200 : 503));

    /// <summary><c>GET api/groups/{name}</c>, the name with its slash: <see cref="GroupView"/>.</summary>
    public Task Group(HttpContext context)
    {
        var name = context.Request.RouteValues["name"]!.ToString()!;
        return Once(context, name, state => state switch
        {
            { Failure: { } failure } => Answer(context, new ProblemView(failure), DashboardJson.Default.ProblemView, StatusCodes.Status503ServiceUnavailable),
            _ when state.Watched.GetValueOrDefault(name).View is { } view => Answer(context, view, DashboardJson.Default.GroupView),
            _ => Answer(context, new ProblemView(state.Watched.GetValueOrDefault(name).Failure ?? $"Nothing is known of {name}."), DashboardJson.Default.ProblemView, StatusCodes.Status404NotFound),
        });
    }

    /// <summary><c>GET api/events?group=NAME&amp;count=N</c>, both of them optional: the newest events, <see cref="EventsView"/>.</summary>
    public Task Events(HttpContext context)
    {
        var group = context.Request.Query["group"].ToString();
        var count = int.TryParse(context.Request.Query["count"], CultureInfo.InvariantCulture, out var given) ? Math.Clamp(given, 1, EventLog.Capacity) : EventLog.Page;
        return Once(context, null, _ => Answer(context, new EventsView(poller.Events.Newest(group.Length > 0 ? group : null, count)), DashboardJson.Default.EventsView));
    }

    public static Task Answer<T>(HttpContext context, T value, JsonTypeInfo<T> json, int status = StatusCodes.Status200OK)
    {
        context.Response.StatusCode = status;
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsJsonAsync(value, json, cancellationToken: context.RequestAborted);
    }

    /// <summary>One question shares the look at the silos with all others that come in the same moment: who asks often costs them nothing.</summary>
    private async Task Once(HttpContext context, string? group, Func<LiveState, Task> answer)
    {
        using var viewer = poller.Join(group, out var fresh);
        if (viewer is null)
        {
            await Full(context);
            return;
        }

        await answer(await poller.NewerThan(fresh, context.RequestAborted));
    }

    private static Task Full(HttpContext context)
    {
        context.Response.Headers.RetryAfter = "5";
        return Answer(context, new ProblemView("As many watch this dashboard as may at the same time. Close one, or open the dashboard of another silo."), DashboardJson.Default.ProblemView, StatusCodes.Status503ServiceUnavailable);
    }
}
