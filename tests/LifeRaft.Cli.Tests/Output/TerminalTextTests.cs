namespace LifeRaft.Cli.Tests.Output;

public sealed class TerminalTextTests
{
    [Theory]
    [InlineData("orders/1", "orders/1")]
    [InlineData("Schlüssel 語 😀", "Schlüssel 語 😀")]
    [InlineData("a\nb\r\tc", "a\\nb\\r\\tc")]
    [InlineData("\u001b[2J\u0007", "\\x1b[2J\\x07")]
    [InlineData("\u009b31m\u007f", "\\x9b31m\\x7f")]
    [InlineData("a\u202eb\u2028", "a\\u202eb\\u2028")]
    public void What_would_act_on_the_terminal_is_shown_instead(string text, string shown) => Assert.Equal(shown, TerminalText.Of(text));
}
