using System.Globalization;
using System.Text;

namespace LifeRaft.Simulation;

/// <summary>The replicated registers.</summary>
internal sealed class RegisterMachine : IStateMachine
{
    private static readonly byte[] _done = [1];
    private static readonly byte[] _mismatch = [0];
    private readonly SortedDictionary<string, string> _registers = new(StringComparer.Ordinal);

    /// <summary>How many commands it has applied.</summary>
    public long Applied { get; private set; }

    public static bool IsDone(ReadOnlyMemory<byte> result) => result.Length > 0 && result.Span[0] == 1;

    public static string? Value(ReadOnlyMemory<byte> result) => result.IsEmpty ? null : Encoding.UTF8.GetString(result.Span);

    public ReadOnlyMemory<byte> Apply(in CommandContext context, ReadOnlyMemory<byte> command)
    {
        Applied++;
        var change = RegisterCommand.Decode(command);
        if (change.Kind == OperationKind.CompareAndSwap && _registers.GetValueOrDefault(change.Key) != change.Expected)
        {
            return _mismatch;
        }

        _registers[change.Key] = change.Value!;
        return _done;
    }

    public ReadOnlyMemory<byte> Query(ReadOnlyMemory<byte> query) =>
        _registers.TryGetValue(Encoding.UTF8.GetString(query.Span), out var value) ? Encoding.UTF8.GetBytes(value) : default;

    public Action<Stream> CaptureSnapshot()
    {
        var state = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Applied}\n{State()}"));
        return destination => destination.Write(state);
    }

    public void ReadSnapshot(Stream source)
    {
        using var reader = new StreamReader(source, Encoding.UTF8);
        Applied = long.Parse(reader.ReadLine()!, CultureInfo.InvariantCulture);
        _registers.Clear();
        while (reader.ReadLine() is { } line)
        {
            var (key, value) = (line[..line.IndexOf('=', StringComparison.Ordinal)], line[(line.IndexOf('=', StringComparison.Ordinal) + 1)..]);
            _registers.Add(key, value);
        }
    }

    /// <summary>All registers, for comparison.</summary>
    public string State() => string.Join('\n', _registers.Select(register => $"{register.Key}={register.Value}"));
}
