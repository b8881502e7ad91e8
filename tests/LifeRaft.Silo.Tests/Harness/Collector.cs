using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace LifeRaft.Silo.Tests;

/// <summary>A collector of OpenTelemetry that keeps what it is sent: over HTTP with protocol buffers, and over gRPC.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private const string Binary = "application/x-protobuf";
    private const string Grpc = "application/grpc";

    private readonly WebApplication _application;
    private readonly ConcurrentQueue<ReadOnlyMemory<byte>> _metrics = new();
    private readonly ConcurrentQueue<ReadOnlyMemory<byte>> _traces = new();

    private Collector(WebApplication application) => _application = application;

    /// <summary>Where it is spoken to over HTTP.</summary>
    public Uri Http { get; private set; } = null!;

    /// <summary>Where it is spoken to over gRPC, which is HTTP/2 without TLS.</summary>
    public Uri GrpcUrl { get; private set; } = null!;

    /// <summary>What it was asked that it does not know.</summary>
    public ConcurrentQueue<string> Strange { get; } = new();

    /// <summary>The metrics that came so far.</summary>
    public IEnumerable<ExportedMetric> Metrics => _metrics.SelectMany(ExportedMetric.Read);

    /// <summary>The names of the spans that came so far.</summary>
    public IEnumerable<string> Spans => _traces.SelectMany(request => new ProtocolBuffer(request).Messages(1).SelectMany(resource => resource.Messages(2)).SelectMany(scope => scope.Messages(2)).SelectMany(span => span.Texts(5)));

    public static async Task<Collector> Start()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
        });
        var collector = new Collector(builder.Build());
        collector._application.Run(collector.Take);
        await collector._application.StartAsync(TestContext.Current.CancellationToken);
        var urls = collector._application.Urls.ToList();
        (collector.Http, collector.GrpcUrl) = (new Uri(urls[0]), new Uri(urls[1]));
        return collector;
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private async Task Take(HttpContext context)
    {
        var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var (request, content) = (context.Request, (ReadOnlyMemory<byte>)body.ToArray());
        switch (request.Path.Value, request.ContentType)
        {
            case ("/v1/metrics", Binary):
                _metrics.Enqueue(content);
                context.Response.ContentType = Binary;
                break;
            case ("/v1/traces", Binary):
                _traces.Enqueue(content);
                context.Response.ContentType = Binary;
                break;
            case ("/opentelemetry.proto.collector.metrics.v1.MetricsService/Export", Grpc):
                _metrics.Enqueue(MessageOf(content));
                await AnswerGrpc(context.Response);
                break;
            case ("/opentelemetry.proto.collector.trace.v1.TraceService/Export", Grpc):
                _traces.Enqueue(MessageOf(content));
                await AnswerGrpc(context.Response);
                break;
            default:
                Strange.Enqueue($"{request.Method} {request.Path} {request.ContentType}");
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                break;
        }
    }

    /// <summary>Without the byte that says that nothing is compressed, and the length.</summary>
    private static ReadOnlyMemory<byte> MessageOf(ReadOnlyMemory<byte> content) => content.Slice(5, BinaryPrimitives.ReadInt32BigEndian(content.Span[1..]));

    private static async Task AnswerGrpc(HttpResponse response)
    {
        response.ContentType = Grpc;
        await response.Body.WriteAsync(new byte[5]); // An empty message.
        response.AppendTrailer("grpc-status", "0");
    }
}
