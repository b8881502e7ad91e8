using LifeRaft.Simulation;

namespace LifeRaft.Simulation.Tests;

/// <summary>What <c>check FILE</c> prints and how it exits.</summary>
public sealed class CheckCommandTests
{
    private const string Write = """{"process": 1, "type": "invoke", "f": "write", "key": "x", "value": "a"}""";
    private const string Written = """{"process": 1, "type": "ok", "f": "write", "key": "x", "value": "a"}""";

    [Fact]
    public void A_linearizable_history_exits_with_0()
    {
        var (code, output, _) = Check(Write, Written);
        Assert.Equal(0, code);
        Assert.StartsWith("linearizable", output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_history_that_is_not_exits_with_1_and_shows_why()
    {
        var (code, output, _) = Check(
            Write, Written, """{"process": 2, "type": "invoke", "f": "read", "key": "x"}""", """{"process": 2, "type": "ok", "f": "read", "key": "x", "value": null}""");
        Assert.Equal(1, code);
        Assert.StartsWith("not linearizable", output, StringComparison.Ordinal);
        Assert.Contains("lines 3 to 4: process 2 read x -> null", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nonsense", "line 1: this is no JSON")]
    [InlineData("[]", "line 1: a JSON object is expected")]
    [InlineData("""{"type": "invoke", "f": "read", "key": "x"}""", "\"process\" must be an integer")]
    [InlineData("""{"process": 1, "type": "begin", "f": "read", "key": "x"}""", "\"type\" is \"begin\"")]
    [InlineData("""{"process": 1, "type": "invoke", "f": "delete", "key": "x"}""", "\"f\" is \"delete\"")]
    [InlineData("""{"process": 1, "type": "invoke", "f": "write", "key": "x"}""", "\"value\" is missing")]
    [InlineData("""{"process": 1, "type": "invoke", "f": "cas", "key": "x", "value": 3}""", "must be an array")]
    [InlineData(Written, "none is open")]
    [InlineData(Write + "\n" + Write, "line 2: process 1 begins an operation, but the one of line 1 is open")]
    [InlineData(Write + "\n" + """{"process": 1, "type": "ok", "f": "write", "key": "y", "value": "a"}""", "completes another operation")]
    public void A_malformed_file_exits_with_2_and_names_the_line(string history, string problem)
    {
        var (code, output, error) = Check(history);
        Assert.Equal(2, code);
        Assert.Empty(output);
        Assert.Contains(problem, error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_exits_with_2()
    {
        var error = new StringWriter();
        Assert.Equal(2, Tool.Run(["check", "/nowhere/history"], new StringWriter(), error));
        Assert.Contains("/nowhere/history", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_writer_writes_is_what_the_reader_reads()
    {
        var history = Histories.OfAtomicRegisters(200, 5, 2, 0.1, seed: 3);
        var text = new StringWriter();
        HistoryWriter.Write(text, history);
        Assert.Equal(history, Histories.Parse(text.ToString()));
    }

    private static (int Code, string Output, string Error) Check(params string[] lines)
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllLines(file, lines);
            StringWriter output = new(), error = new();
            return (Tool.Run(["check", file], output, error), output.ToString(), error.ToString());
        }
        finally
        {
            File.Delete(file);
        }
    }
}
