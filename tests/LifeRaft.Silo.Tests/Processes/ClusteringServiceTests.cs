using System.Text;
using Npgsql;

namespace LifeRaft.Silo.Tests;

/// <summary><c>silo-config/redis.json</c> and <c>postgres.json</c> as processes, against the real services.</summary>
public sealed class ClusteringServiceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    // The services may be shared: each test is a cluster of its own.
    private readonly string _cluster = $"test-{Guid.NewGuid():N}";

    public void Dispose() => _folder.Dispose();

    [Fact]
    public Task Two_silos_find_each_other_through_Redis() =>
        TwoSilosShareTheGroup("redis.json", "LIFERAFT_Clustering__Redis__ConnectionString", Service.Redis());

    [Fact]
    public async Task Two_silos_find_each_other_through_PostgreSQL_and_create_its_tables()
    {
        await using var database = await TemporaryDatabase.Create(Service.PostgreSql());
        await TwoSilosShareTheGroup("postgres.json", "LIFERAFT_Clustering__AdoNet__ConnectionString", database.ConnectionString);
        Assert.Equal(2L, await database.Ask("SELECT count(*) FROM OrleansMembershipTable WHERE Status = 6"));
    }

    [Fact]
    public async Task A_database_without_tables_is_named_when_they_are_not_to_be_created()
    {
        await using var database = await TemporaryDatabase.Create(Service.PostgreSql());
        var place = Place("postgres.json", "silo-1", "LIFERAFT_Clustering__AdoNet__ConnectionString", database.ConnectionString);
        await using var silo = SiloProcess.Start(place, "--Clustering:AdoNet:CreateTables", "false");
        Assert.Equal(1, await silo.Ended());
        Assert.Contains("silo-1 did not start: Clustering:AdoNet:CreateTables is false, but the database", silo.Said, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", silo.Said, StringComparison.Ordinal);
    }

    private async Task TwoSilosShareTheGroup(string file, string variable, string connectionString)
    {
        // Both start at once: whoever comes first founds the table.
        var places = new[] { Place(file, "silo-1", variable, connectionString), Place(file, "silo-2", variable, connectionString) };
        await using var first = SiloProcess.Start(places[0]);
        await using var second = SiloProcess.Start(places[1]);
        await first.Ready();
        await second.Ready();

        await using (var client = await SiloClient.Connect([places[0].GatewayPort], _cluster))
        {
            var group = client.Grains.GetRaftGroup("kv/both");
            await group.Create(["1@silo-1", "2@silo-2"]);
            await new KeyValueStore(group).Put("greeting", "hello"u8.ToArray());
        }

        await using (var other = await SiloClient.Connect([places[1].GatewayPort], _cluster))
        {
            var entry = await new KeyValueStore(other.Grains.GetRaftGroup("kv/both")).Get("greeting");
            Assert.Equal("hello", Encoding.UTF8.GetString(entry!.Value.Span));
        }

        second.Terminate();
        Assert.Equal(0, await second.Ended());
        first.Terminate();
        Assert.Equal(0, await first.Ended());
    }

    private SiloPlace Place(string file, string name, string variable, string connectionString) =>
        new(Repository.SiloConfig(file), _folder.Path)
        {
            More = new Dictionary<string, string> { [variable] = connectionString, ["LIFERAFT_Silo__ClusterId"] = _cluster, ["LIFERAFT_Silo__Name"] = name, ["LIFERAFT_Log__Directory"] = $"data/{name}" },
        };

    private sealed class TemporaryDatabase : IAsyncDisposable
    {
        private readonly string _server;
        private readonly string _name = $"liferaft_{Guid.NewGuid():N}";

        private TemporaryDatabase(string server) => _server = server;

        public string ConnectionString => new NpgsqlConnectionStringBuilder(_server) { Database = _name }.ConnectionString;

        public static async Task<TemporaryDatabase> Create(string server)
        {
            var database = new TemporaryDatabase(server);
            await Run(server, $"CREATE DATABASE {database._name}");
            return database;
        }

        public Task<object?> Ask(string query) => Run(ConnectionString, query);

        public async ValueTask DisposeAsync() => await Run(_server, $"DROP DATABASE {_name} WITH (FORCE)");

        private static async Task<object?> Run(string connectionString, string sql)
        {
            await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand(sql, connection);
            return await command.ExecuteScalarAsync();
        }
    }
}
