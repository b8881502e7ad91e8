using System.Globalization;
using LifeRaft.Protocol;

namespace LifeRaft.Hosting;

/// <summary>
/// The contents of one node's snapshots, each a file of its own beside the database. A file is written under a temporary name that
/// belongs to one claim, synced, and only then given its name, which says what it holds: so a name stands for a whole content, whoever
/// wrote it. Which of them is in force is a record of the database.
/// </summary>
internal sealed class SnapshotFiles(string directory, long epoch, SnapshotDevice device, string description)
{
    private const string Extension = ".snapshot";
    private const string TemporaryExtension = ".tmp";

    /// <summary>Writes a new content.</summary>
    internal SnapshotContent Write(LogPosition position, Action<Stream> write)
    {
        Directory.CreateDirectory(directory);
        var temporary = Temporary($"written-{position.Index}");
        File.Delete(temporary);
        SnapshotContent content;
        using (var file = device.Append(temporary))
        {
            using var checksum = new ChecksumStream(file);
            LetWrite(write, checksum);
            content = checksum.Content;
            device.Sync(file);
        }

        device.Publish(temporary, NameOf(position, content.Checksum));
        return content;
    }

    /// <summary>Removes what an attempt to write left.</summary>
    internal void GiveUp(LogPosition position) => DeleteTemporary($"written-{position.Index}");

    /// <summary>Removes what all attempts left. The disk may be full, and then the store cannot start again before there is room.</summary>
    internal void GiveUp() => DeleteTemporary("*");

    internal void WritePart(SnapshotHeader snapshot, long offset, ReadOnlySpan<byte> part)
    {
        Directory.CreateDirectory(directory);
        var temporary = Temporary($"received-{snapshot.Index}-{snapshot.Checksum:x16}");
        if (offset == 0)
        {
            DeleteTemporary("received-*");
        }

        using (var file = device.Append(temporary))
        {
            if (file.Length != offset)
            {
                throw new LogStoreException($"{description}: a part of the {snapshot} begins at {offset}, but {file.Length} bytes were received.");
            }

            file.Write(part);
            if (offset + part.Length < snapshot.Bytes)
            {
                return;
            }

            device.Sync(file);
        }

        if (DamageOf(temporary, snapshot) is { } damage)
        {
            File.Delete(temporary);
            throw new SnapshotDamagedException($"The {snapshot} that was received is damaged: {damage}. It was dropped.");
        }

        device.Publish(temporary, NameOf(snapshot));
    }

    internal void Read(SnapshotHeader snapshot, Action<Stream> read)
    {
        using var file = Open(snapshot) ?? throw Corrupt(snapshot, "it is missing");
        using var content = new ChecksumStream(file);
        var misreading = FailureOf(() => read(content));
        if ((content.Failure ?? FailureOf(content.ReadToEnd)) is { } failure)
        {
            throw Corrupt(snapshot, $"it cannot be read: {failure.Message}", failure);
        }

        if (content.Damage(snapshot) is { } damage)
        {
            throw Corrupt(snapshot, damage, misreading);
        }

        if (misreading is not null)
        {
            throw new InvalidDataException($"The state machine does not read what was written as its snapshot: {misreading.Message}", misreading);
        }
    }

    /// <param name="snapshot">The snapshot.</param>
    /// <param name="offset">Where the part begins.</param>
    /// <param name="maxBytes">How much to read.</param>
    /// <param name="inForce">The snapshot that is in force, and so has to be there.</param>
    internal ReadOnlyMemory<byte> ReadPart(SnapshotHeader snapshot, long offset, int maxBytes, SnapshotHeader? inForce)
    {
        using var file = Open(snapshot);
        if (file is null)
        {
            throw snapshot.HasSameContent(inForce) ? Corrupt(snapshot, "it is missing") : new SnapshotGoneException($"The {snapshot} has given way to a newer one.");
        }

        if (file.Length != snapshot.Bytes)
        {
            throw Corrupt(snapshot, $"it has {file.Length} bytes instead of {snapshot.Bytes}");
        }

        var part = new byte[(int)Math.Clamp(snapshot.Bytes - offset, 0, maxBytes)];
        return FailureOf(() =>
        {
            file.Position = offset;
            file.ReadExactly(part);
        }) is { } failure
            ? throw Corrupt(snapshot, $"it cannot be read: {failure.Message}", failure)
            : part;
    }

    /// <summary>Nobody writes yet under this claim: whatever is not in force was left behind by an older one.</summary>
    internal void Reclaim(SnapshotHeader? inForce)
    {
        foreach (var file in Files().Where(file => inForce is null || file != NameOf(inForce)))
        {
            File.Delete(file);
        }
    }

    /// <summary>The snapshot is in force, durably: older ones have had their time. A newer one may be about to follow it.</summary>
    internal void DeleteOlderThan(SnapshotHeader inForce)
    {
        foreach (var file in Files().Where(file => IndexOf(file) <= inForce.Index.Value && file != NameOf(inForce)))
        {
            File.Delete(file);
        }
    }

    internal void DeleteAll()
    {
        if (Directory.Exists(directory))
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    /// <summary>Tells a failure of the state machine, which is nobody's but its own, from one of the device.</summary>
    private static void LetWrite(Action<Stream> write, ChecksumStream content)
    {
        try
        {
            write(content);
        }
        catch (Exception failure) when (content.Failure is null && failure is not OutOfMemoryException)
        {
            throw new InvalidOperationException($"The state machine could not write its snapshot: {failure.Message}", failure);
        }

        if (content.Failure is { } swallowed)
        {
            throw new IOException($"The device failed, and the state machine did not pass it on: {swallowed.Message}", swallowed);
        }
    }

    private void DeleteTemporary(string name)
    {
        if (Directory.Exists(directory))
        {
            foreach (var file in Directory.EnumerateFiles(directory, Path.GetFileName(Temporary(name))))
            {
                File.Delete(file);
            }
        }
    }

    private List<string> Files() => Directory.Exists(directory) ? [.. Directory.EnumerateFiles(directory)] : [];

    private Stream? Open(SnapshotHeader snapshot)
    {
        try
        {
            return device.OpenRead(NameOf(snapshot));
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Corrupt(snapshot, $"it cannot be opened: {failure.Message}", failure);
        }
    }

    private static Exception? FailureOf(Action action)
    {
        try
        {
            action();
            return null;
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            return failure;
        }
    }

    private string? DamageOf(string file, SnapshotHeader snapshot)
    {
        using var opened = device.OpenRead(file);
        using var content = new ChecksumStream(opened);
        content.ReadToEnd();
        return content.Damage(snapshot);
    }

    private string NameOf(SnapshotHeader snapshot) => NameOf(snapshot.Position, snapshot.Checksum);

    private string NameOf(LogPosition position, ulong checksum) =>
        Path.Combine(directory, string.Create(CultureInfo.InvariantCulture, $"{position.Index.Value:d20}-{position.Term}-{checksum:x16}{Extension}"));

    /// <summary>The index in a name; of a temporary file none, so that it is nobody's successor and nobody's predecessor.</summary>
    private static long IndexOf(string file) =>
        Path.GetExtension(file) == Extension && long.TryParse(Path.GetFileName(file).Split('-')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            ? index
            : long.MaxValue;

    private string Temporary(string name) => Path.Combine(directory, string.Create(CultureInfo.InvariantCulture, $"{epoch}-{name}{TemporaryExtension}"));

    private LogStoreCorruptException Corrupt(SnapshotHeader snapshot, string reason, Exception? inner = null) => new(
        $"{description}: the {snapshot} ({NameOf(snapshot)}) is damaged: {reason}. Nothing was skipped or repaired. "
        + "End this node and let it join again: it gets a snapshot from its group.",
        inner);
}
