using System.Text.Json;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LifeRaft.Dashboard;

/// <summary>Carries out one action for who may, and for nobody whom another site has sent.</summary>
internal sealed partial class ActionEndpoint(
    string name, Func<ActionRequest, CancellationToken, Task<string>> action, string policy, ILogger<ActionEndpoint> logger)
{
    private const int MaximumBytes = 4096;

    public async Task Answer(HttpContext context)
    {
        // The endpoint requires the policy already; asked again here, AllowAnonymous() on the whole dashboard does not open its actions.
        var authorization = context.RequestServices.GetRequiredService<IAuthorizationService>();
        if (!(await authorization.AuthorizeAsync(context.User, policy)).Succeeded)
        {
            await Refuse(context, StatusCodes.Status403Forbidden, $"The policy '{policy}' of this host does not let you do this.");
            return;
        }

        if (ForeignRequests.Complaint(context.Request) is var (status, complaint))
        {
            await Refuse(context, status, complaint);
            return;
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = MaximumBytes;
        }

        var who = context.User.Identity?.Name ?? "somebody without a name";
        try
        {
            var request = await context.Request.ReadFromJsonAsync(DashboardJson.Default.ActionRequest, context.RequestAborted)
                ?? throw new InvalidRequestException("The body is empty; it must be a JSON object.");

            // Not with the request's cancellation: who closes the page does not take back what the group may have done, and it is logged.
            var done = await action(request, CancellationToken.None);
            LogDone(name, who, done);
            await DashboardApi.Answer(context, new ActionResult(done), DashboardJson.Default.ActionResult);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException && !context.RequestAborted.IsCancellationRequested)
        {
            LogFailed(name, who, failure.Message);
            await Refuse(context, StatusOf(failure), IsForeseen(failure) ? failure.Message : $"It may have been done: {failure.Message} Look at the page before you repeat it.");
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            LogFailed(name, who, failure.Message); // Nobody waits for the answer.
        }
    }

    private static bool IsForeseen(Exception failure) => failure is RaftException or InvalidNameException or JsonException or BadHttpRequestException;

    private static int StatusOf(Exception failure) => failure switch
    {
        BadHttpRequestException bad => bad.StatusCode,
        InvalidRequestException or InvalidNameException or JsonException => StatusCodes.Status400BadRequest,
        GroupNotFoundException or NodeUnavailableException => StatusCodes.Status404NotFound,
        OutcomeUnknownException => StatusCodes.Status504GatewayTimeout,
        _ when !IsForeseen(failure) => StatusCodes.Status504GatewayTimeout,
        GroupUnavailableException or ClusterUnreachableException or OverloadedException => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status409Conflict,
    };

    private static Task Refuse(HttpContext context, int status, string error) =>
        DashboardApi.Answer(context, new ProblemView(error), DashboardJson.Default.ProblemView, status);
}
