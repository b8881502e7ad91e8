namespace LifeRaft.Silo;

/// <summary>The page for operators.</summary>
internal static class SiloDashboard
{
    private const string Path = "/";

    public static void Map(WebApplication application, DashboardSettings settings)
    {
        if (settings.Enabled)
        {
            application.MapLifeRaftDashboard(Path, options => (options.Interval, options.MaximumViewers) = (settings.Interval, settings.MaximumViewers));
        }
    }
}
