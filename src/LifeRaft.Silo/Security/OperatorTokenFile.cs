using System.Text;
using LifeRaft.Dashboard;

namespace LifeRaft.Silo;

/// <summary>The operators' token, read and found fit before anything is started.</summary>
internal static class OperatorTokenFile
{
    private const UnixFileMode Everybody = UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    // The longest token and the end of its line, as DOS writes it; one byte more shows that there is more.
    private const int MostBytes = OperatorToken.MaximumLength + 3;

    /// <summary>Reads it.</summary>
    /// <exception cref="SiloConfigurationException">The file is missing, unreadable, or readable by everybody, or what is in it is no token.</exception>
    public static OperatorToken Read(string file)
    {
        if (!File.Exists(file))
        {
            throw Problem(file, $"there is no such file (looked for {Path.GetFullPath(file)}). Make it with (umask 077 && openssl rand -hex 32 > {file}), or remove the setting: then the page changes nothing.");
        }

        string line;
        try
        {
            line = FirstLine(file);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Problem(file, $"it cannot be read: {failure.Message} Give it to the user of the silo.");
        }

        return OperatorToken.ProblemOf(line) is { } problem
            ? throw Problem(file, $"its first line is no token: {problem} Make one with openssl rand -hex 32.")
            : new OperatorToken(line);
    }

    private static string FirstLine(string file)
    {
        using var handle = File.OpenHandle(file);
        if (!OperatingSystem.IsWindows())
        {
            // Of what was opened, not of the path: that may be a link, as where Kubernetes mounts secrets.
            var mode = File.GetUnixFileMode(handle);
            if ((mode & Everybody) != 0)
            {
                throw Problem(file, $"everybody on this machine may read or write it (mode {Convert.ToString((int)mode, 8)}). Take that away, chmod o= {file}, and make a new token if anybody could have seen this one.");
            }
        }

        Span<byte> bytes = stackalloc byte[MostBytes];
        using var stream = new FileStream(handle, FileAccess.Read, bufferSize: 0);
        var read = stream.ReadAtLeast(bytes, MostBytes, throwOnEndOfStream: false);
        var text = Encoding.UTF8.GetString(bytes[..read]);
        var end = text.AsSpan().IndexOfAny('\r', '\n');
        return end < 0 ? text : text[..end];
    }

    private static SiloConfigurationException Problem(string file, string problem) => new($"Dashboard:OperatorTokenFile is '{file}', but {problem}");
}
