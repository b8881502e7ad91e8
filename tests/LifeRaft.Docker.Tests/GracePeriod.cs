using LifeRaft.Silo;

namespace LifeRaft.Docker.Tests;

internal static class GracePeriod
{
    /// <summary>The silo's own, which no file in docker/ changes.</summary>
    public static readonly TimeSpan OfSilo = new SiloSettings().GracePeriod;
}
