using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace LifeRaft.Silo;

/// <summary>
/// <c>/health/startup</c>, <c>/health/ready</c> and <c>/health/live</c>: 200 or 503, and why. Startup: the silo has joined. Ready: it serves
/// its groups, or some of them, and was not told to stop. Live: a restart would not help.
/// </summary>
internal static class SiloHealth
{
    public const string ReadyPath = "/health/ready";

    private static readonly string[] _kinds = ["startup", "ready", "live"];

    public static void Add(IServiceCollection services, SiloCertificate? certificate)
    {
        var checks = services.AddHealthChecks()
            .AddLifeRaft()
            .AddCheck<StartedHealthCheck>("silo-started", tags: ["startup"])
            .AddCheck<StoppingHealthCheck>("silo-stays", tags: ["ready"]);
        if (certificate is not null)
        {
            checks.AddCheck("certificate", new CertificateHealthCheck(certificate, TimeProvider.System), tags: ["ready"]);
        }
    }

    public static void Map(WebApplication application, string silo)
    {
        foreach (var kind in _kinds)
        {
            application.MapHealthChecks($"/health/{kind}", new HealthCheckOptions
            {
                Predicate = check => check.Tags.Contains(kind),
                ResponseWriter = (context, report) => Write(context, silo, report),
            });
        }
    }

    private static Task Write(HttpContext context, string silo, HealthReport report)
    {
        var answer = new HealthAnswer(silo, report.Status.ToString(), report.Entries.ToDictionary(entry => entry.Key, entry => HealthAnswer.Check.Of(entry.Value)));
        return context.Response.WriteAsJsonAsync(answer, HealthAnswer.Json, context.RequestAborted);
    }
}
