using System.Security.Cryptography;

namespace LifeRaft.Cli;

/// <summary>
/// Writes a snapshot to a file: under a temporary name beside it, which is synced and renamed once it is complete. A file of that name is
/// complete, or there is none.
/// </summary>
internal sealed class SnapshotFileWriter : IAsyncDisposable
{
    private readonly string _path;
    private readonly string _temporary;
    private readonly FileStream _file;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    private SnapshotFileWriter(string path, string temporary, FileStream file) => (_path, _temporary, _file) = (path, temporary, file);

    /// <exception cref="IOException">There is such a file already, or it cannot be written.</exception>
    public static SnapshotFileWriter Create(string path)
    {
        if (File.Exists(path))
        {
            throw new IOException($"{path} is there already. Save to another file, or remove that one.");
        }

        var temporary = $"{path}.{Environment.ProcessId}.tmp";
        return new SnapshotFileWriter(path, temporary, new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 64 * 1024));
    }

    public async Task Write(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        _hash.AppendData(bytes.Span);
        await _file.WriteAsync(bytes, cancellationToken);
    }

    /// <summary>Begins anew.</summary>
    public void Restart()
    {
        _ = _hash.GetHashAndReset();
        _file.Position = 0;
        _file.SetLength(0);
    }

    /// <summary>Gives the file its name.</summary>
    /// <returns>The SHA-256 of what was written, in hexadecimal.</returns>
    public async Task<string> Complete(CancellationToken cancellationToken)
    {
        var hash = _hash.GetHashAndReset();
        await _file.WriteAsync(hash, cancellationToken);
        _file.Flush(flushToDisk: true);
        await _file.DisposeAsync();
        File.Move(_temporary, _path);
        return Convert.ToHexStringLower(hash);
    }

    public async ValueTask DisposeAsync()
    {
        await _file.DisposeAsync();
        _hash.Dispose();
        File.Delete(_temporary);
    }
}
