using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace LifeRaft.Dashboard;

/// <summary>Writes server-sent events to one viewer. What is written is awaited: the newest state waits, not a queue of old ones.</summary>
internal sealed class EventStream(HttpContext context, CancellationToken stopping)
{
    private static readonly byte[] _end = "\n\n"u8.ToArray();

    public async Task Send(ClusterPoller poller, Viewer viewer, long fresh, HelloMessage hello)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        context.Response.ContentType = "text/event-stream; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers["X-Accel-Buffering"] = "no"; // Else nginx keeps the events until its buffer is full.
        try
        {
            await Write("hello"u8.ToArray(), hello, DashboardJson.Default.HelloMessage, ended.Token);
            var (version, number) = (0L, 0L);
            while (true)
            {
                // The first one was begun after the viewer came: what is left from the last time somebody watched is old.
                var state = await viewer.Next(Math.Max(version, fresh), ended.Token);
                await Write("state"u8.ToArray(), state.Since(version, viewer.Group), DashboardJson.Default.StateMessage, ended.Token);
                version = state.Version;
                if (poller.Events.After(number, viewer.Group) is { Count: > 0 } events)
                {
                    await Write("events"u8.ToArray(), new EventsMessage(events), DashboardJson.Default.EventsMessage, ended.Token);
                    number = events[^1].Number;
                }
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The viewer has gone, or the host stops: the page says so by itself.
        }
    }

    private async Task Write<T>(byte[] type, T message, JsonTypeInfo<T> json, CancellationToken cancellationToken)
    {
        var body = context.Response.Body;
        await body.WriteAsync((byte[])[.. "event: "u8, .. type, .. "\ndata: "u8], cancellationToken);
        await body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(message, json), cancellationToken);
        await body.WriteAsync(_end, cancellationToken);
        await body.FlushAsync(cancellationToken);
    }
}
