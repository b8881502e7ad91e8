using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace LifeRaft.Dashboard;

/// <summary><c>GET api/operator</c>: tells the page whether a token is right before anything is done with it. It changes nothing.</summary>
internal static class OperatorEndpoint
{
    private const string Path = "/api/operator";

    public static void Map(RouteGroupBuilder group, string[] methods, string policy) => group
        .MapMethods(Path, methods, SecurityHeaders.With(context => Answer(context, policy)))
        .RequireAuthorization(policy)
        .WithDisplayName($"LifeRaft dashboard {Path}")
        .ExcludeFromDescription();

    private static async Task Answer(HttpContext context, string policy)
    {
        // As for the actions: AllowAnonymous() on the whole dashboard opens them to nobody, so the page is not to show them.
        var authorization = context.RequestServices.GetRequiredService<IAuthorizationService>();
        var isOperator = (await authorization.AuthorizeAsync(context.User, policy)).Succeeded;
        await (isOperator
            ? DashboardApi.Answer(context, new OperatorView(context.User.Identity?.Name ?? ""), DashboardJson.Default.OperatorView)
            : DashboardApi.Answer(context, new ProblemView("You are no operator."), DashboardJson.Default.ProblemView, StatusCodes.Status403Forbidden));
    }
}

/// <summary>Who is asking.</summary>
/// <param name="Name">As the log has it.</param>
internal sealed record OperatorView(string Name);
