using System.Security.Cryptography;

namespace LifeRaft.Cli;

/// <summary>Reads a saved snapshot, and compares it with its hash.</summary>
internal sealed class SnapshotFileReader : IDisposable
{
    private const int BlockBytes = 64 * 1024;
    private readonly string _path;
    private readonly FileStream _file;
    private readonly long _contentOffset;

    private SnapshotFileReader(string path, FileStream file, SnapshotFileHeader header, long contentOffset) =>
        (_path, _file, Header, _contentOffset) = (path, file, header, contentOffset);

    public SnapshotFileHeader Header { get; }

    /// <exception cref="InvalidDataException">It is no saved snapshot, or cut short.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static SnapshotFileReader Open(string path)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, BlockBytes);
        try
        {
            var preamble = new byte[SnapshotFileForm.PreambleBytes];
            file.ReadExactly(preamble);
            var json = new byte[SnapshotFileForm.HeaderLength(preamble)];
            file.ReadExactly(json);
            var header = SnapshotFileForm.Header(json);
            var length = file.Position + header.Bytes + SnapshotFileForm.HashBytes;
            return file.Length == length
                ? new SnapshotFileReader(path, file, header, file.Position)
                : throw new FormatException($"it has {file.Length} bytes instead of {length}");
        }
        catch (Exception failure) when (failure is FormatException or EndOfStreamException)
        {
            file.Dispose();
            throw Damaged(path, failure is EndOfStreamException ? "it is cut short" : failure.Message);
        }
    }

    /// <summary>Reads it all.</summary>
    /// <param name="progress">Hears how many bytes of how many are read.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Its SHA-256, in hexadecimal.</returns>
    /// <exception cref="InvalidDataException">It is not what was saved.</exception>
    public async Task<string> Verify(Action<long, long> progress, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var block = new byte[BlockBytes];
        var left = _file.Length - SnapshotFileForm.HashBytes;
        _file.Position = 0;
        while (left > 0)
        {
            var part = block.AsMemory(0, (int)Math.Min(left, BlockBytes));
            await _file.ReadExactlyAsync(part, cancellationToken);
            hash.AppendData(part.Span);
            left -= part.Length;
            progress(_file.Position, _file.Length);
        }

        var stored = new byte[SnapshotFileForm.HashBytes];
        await _file.ReadExactlyAsync(stored, cancellationToken);
        var computed = hash.GetHashAndReset();
        return computed.AsSpan().SequenceEqual(stored)
            ? Convert.ToHexStringLower(computed)
            : throw Damaged(_path, $"its SHA-256 is {Convert.ToHexStringLower(computed)}, and it says {Convert.ToHexStringLower(stored)}");
    }

    /// <summary>Copies the content.</summary>
    public void CopyContent(Stream destination)
    {
        var block = new byte[BlockBytes];
        _file.Position = _contentOffset;
        for (var left = Header.Bytes; left > 0;)
        {
            var part = block.AsSpan(0, (int)Math.Min(left, BlockBytes));
            _file.ReadExactly(part);
            destination.Write(part);
            left -= part.Length;
        }
    }

    public void Dispose() => _file.Dispose();

    private static InvalidDataException Damaged(string path, string how) => new($"{path} cannot be used: {how}.");
}
