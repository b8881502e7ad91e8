namespace LifeRaft.Silo.Tests;

/// <summary>A service that a test needs and a newcomer may not have: without it the test is skipped, and fails where CI is true.</summary>
internal static class Service
{
    /// <summary>Where Redis is, <c>host:port</c>.</summary>
    public static string Redis() => Require("LIFERAFT_TEST_REDIS", "redis-server", "127.0.0.1:6379");

    /// <summary>A PostgreSQL user who may create databases, as Npgsql writes it.</summary>
    public static string PostgreSql() => Require("LIFERAFT_TEST_POSTGRES", "postgresql", "Host=127.0.0.1;Username=postgres");

    private static string Require(string variable, string package, string example)
    {
        if (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value)
        {
            return value;
        }

        var how = $"{variable} is not set. Install it with 'apt-get install {package}' and run .ci/run, which starts it, or start it yourself and set {variable}, for instance to '{example}'.";
        Assert.SkipUnless(string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase), how);
        throw new InvalidOperationException(how);
    }
}
