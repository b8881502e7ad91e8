using System.Data.Common;
using Npgsql;

namespace LifeRaft.Silo;

/// <summary>Sees to it that Orleans' membership tables are in the database before the silo looks for them.</summary>
internal sealed class MembershipTables(AdoNetClusteringSettings settings) : IHostedLifecycleService
{
    private const string Script = "LifeRaft.Silo.Clustering.postgresql.sql";

    // Of several silos that start at once, one creates the tables while the others wait. The number is this program's own.
    private const long Turn = 0x4C696665_52616674;

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = new NpgsqlConnection(settings.ConnectionString);
            await connection.OpenAsync(cancellationToken);
            if (await AreThere(connection, cancellationToken))
            {
                return;
            }

            if (!settings.CreateTables)
            {
                throw new SiloStartException($"Clustering:AdoNet:CreateTables is false, but the database {connection.Database} on {connection.DataSource} lacks Orleans' tables. Run src/LifeRaft.Silo/Clustering/postgresql.sql in it, or set it to true.");
            }

            await Create(connection, cancellationToken);
        }
        catch (PostgresException failure) when (failure.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            throw new SiloStartException($"Clustering:AdoNet:ConnectionString names a user who may not create Orleans' tables ({failure.MessageText}). Run src/LifeRaft.Silo/Clustering/postgresql.sql as one who may, or grant it.", failure);
        }
        catch (DbException failure)
        {
            throw new SiloStartException($"Clustering:AdoNet:ConnectionString leads to no database that answers: {failure.Message} Look whether it runs, and whether host, database, user and password are right.", failure);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static async Task<bool> AreThere(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT to_regclass('orleansquery') IS NOT NULL AND to_regclass('orleansmembershiptable') IS NOT NULL", connection);
        if (!(bool)(await command.ExecuteScalarAsync(cancellationToken))!)
        {
            return false;
        }

        // The one that came last: tables of an older Orleans lack it.
        await using var newest = new NpgsqlCommand("SELECT EXISTS (SELECT 1 FROM OrleansQuery WHERE QueryKey = 'CleanupDefunctSiloEntryKey')", connection);
        return (bool)(await newest.ExecuteScalarAsync(cancellationToken))!;
    }

    private static async Task Create(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var script = typeof(MembershipTables).Assembly.GetManifestResourceStream(Script)!;
        using var reader = new StreamReader(script);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var turn = new NpgsqlCommand("SELECT pg_advisory_xact_lock($1)", connection, transaction) { Parameters = { new NpgsqlParameter { Value = Turn } } };
        await turn.ExecuteNonQueryAsync(cancellationToken);
        await using var create = new NpgsqlCommand(await reader.ReadToEndAsync(cancellationToken), connection, transaction);
        await create.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }
}
