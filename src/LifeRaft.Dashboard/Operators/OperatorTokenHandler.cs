using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace LifeRaft.Dashboard;

/// <summary>
/// Who sends <c>Authorization: Bearer</c> with the token is an operator. No cookie is ever set: a browser that another site makes send something
/// has nothing to add to it by itself, a form cannot set this header, and a script of another site may not before it was allowed to.
/// </summary>
internal sealed class OperatorTokenHandler(
    OperatorToken token, WrongTokens wrong, IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    /// <summary>The scheme of this handler.</summary>
    public const string SchemeName = "LifeRaft.OperatorToken";

    /// <summary>The policy that only this handler satisfies.</summary>
    public const string PolicyName = "LifeRaft.Operators";

    private const string Prefix = "Bearer ";

    /// <summary>
    /// Asks who said so, and not for a role or a name: the host's other schemes may give any of these, and a request may be authenticated by several.
    /// </summary>
    public static void Require(AuthorizationPolicyBuilder policy) => policy
        .AddAuthenticationSchemes(SchemeName)
        .RequireAssertion(context => context.User.Identities.Any(identity => identity is { IsAuthenticated: true, AuthenticationType: SchemeName }));

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
        {
            return Task.FromResult(AuthenticateResult.NoResult());
        }

        if (!token.Is(header[Prefix.Length..].Trim()))
        {
            return Task.FromResult(AuthenticateResult.Fail("It is another token."));
        }

        // All operators have the same token: what tells them apart in the log is where they are.
        var identity = new ClaimsIdentity([new Claim(ClaimTypes.Name, $"operator at {Context.Connection.RemoteIpAddress}")], SchemeName);
        return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName)));
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        var isWrong = (await HandleAuthenticateOnceSafeAsync()).Failure is not null;
        if (isWrong)
        {
            wrong.Note(Context.Connection.RemoteIpAddress);
        }

        Response.Headers.WWWAuthenticate = isWrong ? "Bearer error=\"invalid_token\"" : "Bearer";
        var error = isWrong
            ? "This is not the operators' token of this host."
            : "This needs the operators' token of this host: Authorization: Bearer {token}.";
        await DashboardApi.Answer(Context, new ProblemView(error), DashboardJson.Default.ProblemView, StatusCodes.Status401Unauthorized);
    }
}
