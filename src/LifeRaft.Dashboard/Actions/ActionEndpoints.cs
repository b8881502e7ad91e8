using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LifeRaft.Dashboard;

/// <summary>The endpoints that change things. They exist only where a host has allowed them by a policy that exists.</summary>
internal static class ActionEndpoints
{
    /// <exception cref="InvalidOperationException">The host has no authorization, or no such policy.</exception>
    public static void Map(RouteGroupBuilder group, IServiceProvider services, IGrainFactory grains, string policy, bool isByToken)
    {
        if (isByToken)
        {
            RequireToken(services);
        }

        Require(services, policy);
        var logger = services.GetRequiredService<ILogger<ActionEndpoint>>();
        foreach (var (name, action) in new OperatorActions(grains).All)
        {
            RequestDelegate answer = new ActionEndpoint(name, action, policy, logger).Answer;
            group.MapPost($"/api/actions/{name}", SecurityHeaders.With(answer))
                .RequireAuthorization(policy)
                .WithDisplayName($"LifeRaft dashboard: {name}")
                .ExcludeFromDescription();
        }
    }

    private static void RequireToken(IServiceProvider services)
    {
        if (services.GetService<OperatorToken>() is null)
        {
            throw new InvalidOperationException("MapLifeRaftDashboard(…, options => options.AllowActionsByToken()) needs the token: call builder.Services.AddLifeRaftOperatorToken(new OperatorToken(…)). Without it leave AllowActionsByToken out, and nothing can be changed.");
        }
    }

    private static void Require(IServiceProvider services, string policy)
    {
        var call = $"MapLifeRaftDashboard(…, options => options.AllowActions(\"{policy}\"))";
        if (services.GetService<IAuthorizationPolicyProvider>() is not { } policies || services.GetService<IAuthorizationService>() is null)
        {
            throw new InvalidOperationException($"{call} needs authorization: call builder.Services.AddAuthorization(…) with that policy, and an authentication. Without them the dashboard shows and changes nothing: leave AllowActions out.");
        }

        // Once, when the host starts: a policy that is missing then would be an error to the first operator in need.
        if (policies.GetPolicyAsync(policy).GetAwaiter().GetResult() is null)
        {
            throw new InvalidOperationException($"{call} names a policy that does not exist on this host. Add it: builder.Services.AddAuthorization(o => o.AddPolicy(\"{policy}\", p => p.Require…)).");
        }
    }
}
