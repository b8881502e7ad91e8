namespace LifeRaft.Cli.Tests.Connection;

public sealed class GatewayTests
{
    [Theory]
    [InlineData("127.0.0.1:30001", "127.0.0.1", 30001)]
    [InlineData("127.0.0.1", "127.0.0.1", 30000)]
    [InlineData(" silo-1.example:4000 ", "silo-1.example", 4000)]
    [InlineData("silo-1", "silo-1", 30000)]
    [InlineData("[::1]:4000", "::1", 4000)]
    [InlineData("::1", "::1", 30000)]
    public void A_host_with_or_without_a_port_is_a_gateway(string text, string host, int port) => Assert.Equal(new Gateway(host, port), Gateway.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData(":30000")]
    [InlineData("host:")]
    [InlineData("host:0")]
    [InlineData("host:65536")]
    [InlineData("host:many")]
    [InlineData("two words:1")]
    [InlineData("http://host:1")]
    public void Anything_else_is_none(string text) => Assert.Contains("'127.0.0.1:30000'", Assert.Throws<FormatException>(() => Gateway.Parse(text)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("127.0.0.1", 1, "127.0.0.1:1")]
    [InlineData("::1", 1, "[::1]:1")]
    public void It_is_written_as_it_is_read(string host, int port, string text) => Assert.Equal(text, new Gateway(host, port).ToString());
}
