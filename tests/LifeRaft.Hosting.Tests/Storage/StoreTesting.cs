using System.Collections.Concurrent;
using LifeRaft.Protocol;
using Xunit;

namespace LifeRaft.Hosting.Tests.Storage;

/// <summary>What every test of a log store needs: entries, and waiting with a deadline that says something is stuck.</summary>
internal static class StoreTesting
{
    internal static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    internal static LogEntry Entry(long index, long term = 1, int payloadBytes = 8, EntryKind kind = EntryKind.Command)
    {
        var payload = new byte[payloadBytes];
        new Random(unchecked((int)((index * 31) + (term * 7919) + payloadBytes))).NextBytes(payload); // The same in every process.
        return LogEntry.Create(kind, new LogIndex(index), new Term(term), proposedAtUnixMilliseconds: index, payload);
    }

    internal static LogWrite Entries(long first, long last, long term = 1) =>
        new(null, null, [.. Range(first, last).Select(index => Entry(index, term))]);

    internal static LogWrite Only(params LogEntry[] entries) => new(null, null, entries);

    internal static IEnumerable<long> Range(long first, long last)
    {
        for (var index = first; index <= last; index++)
        {
            yield return index;
        }
    }

    internal static Task<INodeLog> Claim(this IRaftLogStore store, string node) => store.Claim(node, CancellationToken.None).WaitAsync(Deadline);

    /// <summary>Writes and waits until the store says that it is durable; throws what it says instead.</summary>
    internal static Task Durable(this INodeLog log, LogWrite write)
    {
        var completion = new Completion();
        log.Write(write, completion);
        return completion.Done;
    }

    internal static async Task<LogEntry[]> ReadAll(this INodeLog log, long first, long last, long maxBytes = long.MaxValue) =>
        [.. await log.Read(new LogIndex(first), new LogIndex(last), maxBytes, CancellationToken.None).WaitAsync(Deadline)];

    internal static async Task<T> Within<T>(this Task<T> task) => await task.WaitAsync(Deadline);

    internal static async Task Within(this Task task) => await task.WaitAsync(Deadline);

    internal static void AssertSame(IEnumerable<LogEntry> expected, IEnumerable<LogEntry> actual) =>
        Assert.Equal(expected.Select(Hex), actual.Select(Hex));

    private static string Hex(LogEntry entry) => Convert.ToHexString(entry.Encoded.Span);
}

/// <summary>Somebody who waits for one write.</summary>
internal sealed class Completion(Action? onCompleted = null) : ILogWriteCompletion
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal Task Done => _done.Task.WaitAsync(StoreTesting.Deadline);

    public void Completed(LogWrite write, LogStoreException? failure)
    {
        onCompleted?.Invoke();
        if (failure is null)
        {
            _done.SetResult();
        }
        else
        {
            _done.SetException(failure);
        }
    }
}

/// <summary>Notes in which order writes completed.</summary>
internal sealed class CompletionOrder : ILogWriteCompletion
{
    private readonly ConcurrentQueue<LogWrite> _completed = new();

    internal IReadOnlyCollection<LogWrite> Completed => _completed;

    void ILogWriteCompletion.Completed(LogWrite write, LogStoreException? failure) => _completed.Enqueue(write);
}

/// <summary>A directory that is gone after the test.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    internal TemporaryDirectory() => Path = Directory.CreateTempSubdirectory("liferaft-store-").FullName;

    internal string Path { get; }

    /// <summary>
    /// A copy of the files as they are now, open or not: what a killed process leaves. A store that has nothing to write may still prepare
    /// a file, or do away with one, so a copy in which a file went missing is made again.
    /// </summary>
    internal TemporaryDirectory Copy(Func<string, bool>? isCopied = null)
    {
        for (var left = 100; ; left--)
        {
            var copy = new TemporaryDirectory();
            try
            {
                CopyTo(copy, isCopied ?? (_ => true));
                return copy;
            }
            catch (IOException) when (left > 0)
            {
                copy.Dispose();
            }
        }
    }

    private void CopyTo(TemporaryDirectory copy, Func<string, bool> isCopied)
    {
        foreach (var file in Directory.EnumerateFiles(Path, "*", SearchOption.AllDirectories).Where(isCopied))
        {
            var target = System.IO.Path.Combine(copy.Path, System.IO.Path.GetRelativePath(Path, file));
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
