namespace LifeRaft.Silo;

/// <summary>A cluster whose table is kept in a database.</summary>
public sealed class AdoNetClusteringSettings
{
    /// <summary>The only driver that comes with the executable.</summary>
    public const string PostgreSql = "Npgsql";

    /// <summary>How to reach the database.</summary>
    /// <value>
    /// As Npgsql writes it, <c>Host=db;Database=orleans;Username=silo;Password=...</c>. No default. A secret: give it by the environment,
    /// <c>LIFERAFT_Clustering__AdoNet__ConnectionString</c>.
    /// </value>
    [Secret]
    public string ConnectionString { get; set; } = "";

    /// <summary>The database's driver.</summary>
    /// <value><c>Npgsql</c>, for PostgreSQL. Other drivers do not come with the executable.</value>
    public string Invariant { get; set; } = PostgreSql;

    /// <summary>Whether Orleans' tables are created where they are missing.</summary>
    /// <value>
    /// True by default. False where the silo's user may not create tables: run <c>src/LifeRaft.Silo/Clustering/postgresql.sql</c>, or Orleans'
    /// own scripts, as another one.
    /// </value>
    public bool CreateTables { get; set; } = true;

    internal IEnumerable<SettingProblem> Problems() =>
    [
        .. ConnectionString.Length == 0
            ? [new SettingProblem("Clustering:AdoNet:ConnectionString", "is empty, but Clustering:Kind is 'AdoNet'. Write for instance 'Host=localhost;Database=orleans;Username=silo'.")]
            : SettingRules.ReadableSecret("Clustering:AdoNet:ConnectionString", () => new Npgsql.NpgsqlConnectionStringBuilder(ConnectionString)),
        .. Invariant == PostgreSql ? [] : (SettingProblem[])[new SettingProblem("Clustering:AdoNet:Invariant", $"is '{Invariant}', for which no driver comes with this executable. Use '{PostgreSql}' (PostgreSQL).")],
    ];
}
