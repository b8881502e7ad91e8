namespace LifeRaft.Silo;

/// <summary>The page for operators.</summary>
internal static class SiloDashboard
{
    private const string Path = "/";

    /// <exception cref="SiloConfigurationException">The operators' token cannot be used.</exception>
    public static void Add(WebApplicationBuilder builder, DashboardSettings settings)
    {
        if (settings.AllowsActions)
        {
            builder.Services.AddLifeRaftOperatorToken(OperatorTokenFile.Read(settings.OperatorTokenFile));
        }
    }

    public static void Map(WebApplication application, DashboardSettings settings)
    {
        if (settings.Enabled)
        {
            application.MapLifeRaftDashboard(Path, options =>
            {
                (options.Interval, options.MaximumViewers) = (settings.Interval, settings.MaximumViewers);
                if (settings.AllowsActions)
                {
                    options.AllowActionsByToken();
                }
            });
        }
    }
}
