using System.Text;
using System.Threading.Channels;

namespace LifeRaft.Cli.Tests;

/// <summary>What the tool prints, line by line, while it runs.</summary>
internal sealed class LineWriter : TextWriter
{
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly StringBuilder _line = new();

    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(char value)
    {
        if (value == '\n')
        {
            _lines.Writer.TryWrite(_line.ToString().TrimEnd('\r'));
            _line.Clear();
        }
        else
        {
            _line.Append(value);
        }
    }

    /// <summary>The next line, as soon as there is one.</summary>
    public Task<string> Next() => _lines.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Wait.Patience);
}
