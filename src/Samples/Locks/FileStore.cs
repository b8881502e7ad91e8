namespace LifeRaft.Samples;

/// <summary>Files that a lock protects. It keeps the largest token that it has seen of each, and refuses smaller ones: that is all a fencing token asks for.</summary>
public sealed class FileStore(string directory)
{
    private readonly Dictionary<string, FencingToken> _newest = [];
    private readonly Lock _lock = new();

    public void Write(string file, string text, FencingToken token)
    {
        lock (_lock)
        {
            var newest = _newest.GetValueOrDefault(file);
            if (token < newest)
            {
                throw new StaleTokenException($"{file} was written by a later holder of the lock.");
            }

            _newest[file] = token;
            File.WriteAllText(Path.Combine(directory, file), text);
        }
    }

    public string Read(string file) => File.ReadAllText(Path.Combine(directory, file));
}

public sealed class StaleTokenException(string message) : Exception(message);
