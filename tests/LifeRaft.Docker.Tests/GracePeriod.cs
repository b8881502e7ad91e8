namespace LifeRaft.Docker.Tests;

internal static class GracePeriod
{
    /// <summary>The silo's own, <c>Silo:GracePeriod</c>, which no file in docker/ changes.</summary>
    public static readonly TimeSpan OfSilo = TimeSpan.FromSeconds(30);
}
