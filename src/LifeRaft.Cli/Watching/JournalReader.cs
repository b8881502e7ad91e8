using Orleans.Runtime.Messaging;

namespace LifeRaft.Cli;

/// <summary>Reads the journals of the silos on and on. When the connection is lost it makes another one, and goes on where it was.</summary>
internal sealed class JournalReader(CommandRun run, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(250);
    private ClusterConnection? _connection;
    private JournalPosition _position = JournalPosition.Start;
    private bool _isLost;

    /// <summary>What the silos remember. Whoever cannot be reached at the beginning is a failure.</summary>
    public async Task<IReadOnlyList<JournalEntry>> First()
    {
        _connection = await run.Connect();
        return await Read(_connection);
    }

    /// <summary>What has happened since the last page; it waits until there is something.</summary>
    public async Task<IReadOnlyList<JournalEntry>> Next()
    {
        while (true)
        {
            await Task.Delay(_pause, time, run.CancellationToken);
            try
            {
                _connection ??= await run.Connect();
                var entries = await Read(_connection);
                if (_isLost)
                {
                    _isLost = false;
                    await run.Error.WriteLineAsync("Connected again.");
                }

                if (entries.Count > 0)
                {
                    return entries;
                }
            }
            catch (Exception failure) when (failure is UnreachableException or ClusterUnreachableException or OrleansException or ConnectionFailedException or TimeoutException)
            {
                await Lose(failure);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is not null)
        {
            await _connection.DisposeAsync();
        }
    }

    private async Task<IReadOnlyList<JournalEntry>> Read(ClusterConnection connection)
    {
        var page = await connection.Operations().Journal(_position, run.CancellationToken);
        _position = page.Next;
        return page.Entries;
    }

    /// <summary>Orleans' client looks for gateways it has lost only once a minute: a new one finds them sooner.</summary>
    private async Task Lose(Exception failure)
    {
        if (!_isLost)
        {
            _isLost = true;
            await run.Error.WriteLineAsync($"The connection is lost; trying until it is there again. {failure.Message.ReplaceLineEndings(" ")}");
        }

        if (_connection is { } lost)
        {
            _connection = null;
            await lost.DisposeAsync();
        }
    }
}
