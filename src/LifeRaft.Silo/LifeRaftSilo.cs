using Microsoft.Extensions.DependencyInjection.Extensions;

namespace LifeRaft.Silo;

/// <summary>Makes silos: the one of the executable, and as many as a tool or a test wants in its own process.</summary>
public static class LifeRaftSilo
{
    /// <summary>The machines that every such silo offers: groups named <c>kv/...</c> are key-value stores, groups named <c>lock/...</c> keep locks.</summary>
    public static IReadOnlyList<string> Machines { get; } = [OrleansSilo.KeyValueMachineName, OrleansSilo.LockMachineName];

    /// <summary>A silo as the executable would start it with these arguments, not started.</summary>
    /// <param name="args"><c>--config FILE</c> and settings that override it; the environment's count, too.</param>
    /// <exception cref="SiloConfigurationException">The arguments or the settings are wrong.</exception>
    public static WebApplication Create(string[] args)
    {
        ArgumentNullException.ThrowIfNull(args);
        var commandLine = SiloCommandLine.Parse(args, defaultFile: null);
        return Create(SiloConfigurationFile.Read(commandLine.ConfigurationFile, Environment.GetEnvironmentVariables(), commandLine.Overrides).Configuration);
    }

    /// <summary>
    /// A silo with these settings, not started. It listens to no signals: stop it with <c>StopAsync</c>, which hands over what it leads and
    /// leaves the cluster.
    /// </summary>
    /// <param name="configuration">Not changed, and not looked at again.</param>
    /// <param name="customize">What the caller adds to the host, or replaces, before it is built.</param>
    /// <exception cref="SiloConfigurationException">The settings make no sense.</exception>
    public static WebApplication Create(SiloConfiguration configuration, Action<WebApplicationBuilder>? customize = null)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var problems = configuration.Problems().Select(problem => $"{problem}").ToList();
        if (problems.Count > 0)
        {
            throw new SiloConfigurationException(problems);
        }

        // Empty: neither files beside the executable nor variables of ASP.NET's say anything that the silo's file does not.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = typeof(LifeRaftSilo).Assembly.GetName().Name, ContentRootPath = AppContext.BaseDirectory });
        builder.Host.UseServiceProviderFactory(new WebServerFirst());
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = configuration.Silo.GracePeriod);
        builder.Services.Replace(ServiceDescriptor.Singleton<IHostLifetime, SignallessLifetime>());
        builder.Services.AddHostedService(_ => new FreePorts(configuration));
        ConsoleLogging.Add(builder.Logging, configuration.Logging);
        QuietStart.Add(builder.Logging, configuration.Logging);
        var certificate = configuration.Tls.IsEnabled ? SiloCertificate.Load(configuration.Tls, TimeProvider.System.GetUtcNow()) : null;
        HttpListening.Add(builder, configuration, certificate);
        builder.UseOrleans(silo => OrleansSilo.Configure(silo, configuration, certificate));
        SiloTelemetry.Add(builder, configuration, certificate);
        SiloHealth.Add(builder.Services, certificate);
        SiloDashboard.Add(builder, configuration.Dashboard);
        customize?.Invoke(builder);

        var application = builder.Build();
        HttpListening.Guard(application, configuration.Http);
        SiloHealth.Map(application, configuration.Silo.Name);
        SiloTelemetry.Map(application, configuration.Telemetry);
        SiloDashboard.Map(application, configuration.Dashboard);
        return application;
    }
}
