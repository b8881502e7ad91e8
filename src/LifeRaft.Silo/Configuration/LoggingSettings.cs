namespace LifeRaft.Silo;

/// <summary>What is written to the console.</summary>
public sealed class LoggingSettings
{
    /// <summary>How a line is written.</summary>
    /// <value>Simple by default, for people; Json for what collects logs.</value>
    public LoggingFormat Format { get; set; } = LoggingFormat.Simple;

    /// <summary>The least severe level that is written, by category; <c>Default</c> is for all others.</summary>
    /// <value>
    /// Trace, Debug, Information, Warning, Error, Critical or None. Default is Information; Orleans, Microsoft, System and Polly are at Warning,
    /// for their information is about every connection and request; the health checks are silent, for their answers say it.
    /// </value>
    public IDictionary<string, LogLevel> LogLevel { get; } = new Dictionary<string, LogLevel>(StringComparer.OrdinalIgnoreCase)
    {
        ["Default"] = Microsoft.Extensions.Logging.LogLevel.Information,
        ["Orleans"] = Microsoft.Extensions.Logging.LogLevel.Warning,
        ["Microsoft"] = Microsoft.Extensions.Logging.LogLevel.Warning,
        ["Microsoft.Extensions.Diagnostics.HealthChecks"] = Microsoft.Extensions.Logging.LogLevel.None,
        ["System"] = Microsoft.Extensions.Logging.LogLevel.Warning,
        ["Polly"] = Microsoft.Extensions.Logging.LogLevel.Warning,
    };
}
