using System.Text;

namespace LifeRaft.Cli.Tests.Output;

public sealed class ByteTextTests
{
    [Theory]
    [InlineData("", 60, "")]
    [InlineData("short", 60, "short")]
    [InlineData("a\r\nb\nc\td", 60, "a\\nb\\nc\\td")]
    [InlineData("\u001b[31m", 60, "0x1b5b33316d")]
    [InlineData("turn \u202e it", 60, "turn \\u202e it")]
    [InlineData("abcdef", 5, "abcd…")]
    [InlineData("ab😀cd", 4, "ab…")]
    public void Text_is_shown_on_one_line_and_cut_with_dots(string value, int most, string shown) => Assert.Equal(shown, ByteText.Show(Encoding.UTF8.GetBytes(value), most));

    [Theory]
    [InlineData("x")]
    [InlineData("ж")]
    [InlineData("語")]
    [InlineData("😀")]
    public void Long_text_is_cut_between_characters_and_shown_whatever_its_characters_are(string character)
    {
        for (var before = 0; before < 4; before++)
        {
            var text = new string('a', before) + string.Concat(Enumerable.Repeat(character, 1000));
            var shown = ByteText.Show(Encoding.UTF8.GetBytes(text), 60);
            Assert.InRange(shown.Length, 59, 60);
            Assert.EndsWith("…", shown, StringComparison.Ordinal);
            Assert.StartsWith(shown[..^1], text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Long_bytes_that_are_no_text_are_shown_as_digits()
    {
        var bytes = new byte[1000];
        Array.Fill(bytes, (byte)0xff);
        Assert.Equal($"0x{new string('f', 57)}…", ByteText.Show(bytes, 60));
        Array.Fill(bytes, (byte)0x80);
        Assert.Equal($"0x{string.Concat(Enumerable.Repeat("80", 28))}8…", ByteText.Show(bytes, 60));
    }
}
