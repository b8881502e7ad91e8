using Microsoft.AspNetCore.Http;

namespace LifeRaft.Dashboard;

/// <summary>Answers with a file of the page.</summary>
internal static class AssetResponse
{
    public static Task Write(HttpContext context, Asset asset)
    {
        var (request, response) = (context.Request, context.Response);
        if (asset.Path.Length == 0 && !request.Path.Value!.EndsWith('/'))
        {
            // The page's references are relative, so that it works under any prefix and behind any proxy.
            response.Redirect($"{request.PathBase}{request.Path}/{request.QueryString}");
            return Task.CompletedTask;
        }

        response.Headers.ETag = asset.ETag;
        response.Headers.CacheControl = "no-cache"; // Kept, and asked for again each time: after an upgrade no file is of another version.
        if (request.Headers.IfNoneMatch.ToString().Contains(asset.ETag, StringComparison.Ordinal))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        response.ContentType = asset.ContentType;
        response.ContentLength = asset.Content.Length;
        return HttpMethods.IsHead(request.Method) ? Task.CompletedTask : response.Body.WriteAsync(asset.Content, context.RequestAborted).AsTask();
    }
}
