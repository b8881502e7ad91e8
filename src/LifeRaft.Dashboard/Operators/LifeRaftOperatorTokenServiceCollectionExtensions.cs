using LifeRaft.Dashboard;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Operators by a token, for hosts that have no accounts.</summary>
public static class LifeRaftOperatorTokenServiceCollectionExtensions
{
    /// <summary>
    /// Adds an authentication scheme and a policy for <see cref="LifeRaftDashboardOptions.AllowActionsByToken"/>: who sends the token is an operator.
    /// Serve the page over HTTPS, or on the loopback address only: over plain HTTP the token crosses the network for all to read.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="token">The token that operators are given.</param>
    public static IServiceCollection AddLifeRaftOperatorToken(this IServiceCollection services, OperatorToken token)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(token);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<WrongTokens>();
        services.AddSingleton(token);

        // ASP.NET Core writes a line for each request without a token, in the name of the handler: who knocks is not to fill the disk. See WrongTokens.
        services.AddLogging(logging => logging.AddFilter(typeof(OperatorTokenHandler).FullName, LogLevel.Warning));
        services.AddAuthentication().AddScheme<AuthenticationSchemeOptions, OperatorTokenHandler>(OperatorTokenHandler.SchemeName, configureOptions: null);
        services.AddAuthorization(options => options.AddPolicy(OperatorTokenHandler.PolicyName, OperatorTokenHandler.Require));
        return services;
    }
}
