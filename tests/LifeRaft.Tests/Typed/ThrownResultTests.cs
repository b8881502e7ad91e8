using System.Text;
using Xunit;

namespace LifeRaft.Tests.Typed;

/// <summary>What a handler throws reaches the caller, and is the same bytes on every member.</summary>
public sealed class ThrownResultTests
{
    private readonly Accounts _machine = new(Accounts.Serializer);

    [Fact]
    public void An_exception_with_a_serializer_arrives_with_its_properties()
    {
        var failure = Assert.Throws<InsufficientFundsException>(() => Read(Throw("own")));
        Assert.Equal(("thrown lacks 7 cents.", 7), (failure.Message, failure.Missing));
    }

    [Fact]
    public void An_exception_of_the_framework_arrives_as_itself() =>
        Assert.Equal("Not that. (Parameter 'command')", Assert.Throws<ArgumentException>(() => Read(Throw("framework"))).Message);

    [Fact]
    public void Inner_exceptions_arrive()
    {
        Assert.Equal(1, Assert.IsType<InsufficientFundsException>(Assert.Throws<InvalidOperationException>(() => Read(Throw("nested"))).InnerException).Missing);
        Assert.Equal(["One.", "Two."], Assert.Throws<AggregateException>(() => Read(Throw("several"))).InnerExceptions.Select(one => one.Message));
    }

    [Fact]
    public void Any_other_exception_arrives_by_name_and_message() =>
        Assert.Equal("LifeRaft.Tests.Typed.PlainException: As it is.", Assert.Throws<CommandFailedException>(() => Read(Throw("plain"))).Message);

    [Fact]
    public void An_exception_whose_trace_cannot_be_taken_arrives_by_name_and_message() =>
        Assert.Equal("LifeRaft.Tests.Typed.TracedException: Somewhere.", Assert.Throws<CommandFailedException>(() => Read(Throw("traced"))).Message);

    [Fact]
    public void An_exception_whose_type_the_client_lacks_arrives_by_name_and_message()
    {
        // The name of another type in the bytes, of the same length.
        var bytes = Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(Throw("own")).Replace("insufficient", "inexplicable", StringComparison.Ordinal));
        Assert.Equal("LifeRaft.Tests.Typed.InsufficientFundsException: thrown lacks 7 cents.", Assert.Throws<CommandFailedException>(() => Read(bytes)).Message);
    }

    [Theory]
    [InlineData("own")]
    [InlineData("framework")]
    [InlineData("plain")]
    [InlineData("traced")]
    [InlineData("nested")]
    [InlineData("several")]
    public void The_bytes_do_not_tell_where_it_was_thrown(string what)
    {
        var bytes = Throw(what);
        Assert.Equal(bytes, Throw(what, depth: 5));
        Assert.DoesNotContain("   at ", Encoding.UTF8.GetString(bytes), StringComparison.Ordinal);
    }

    private byte[] Throw(string what, int depth = 0) => LocalMachine.Apply(_machine, Requests.Bytes(new Throw(what, depth))).ToArray();

    private static int Read(byte[] result) => ResultFrame.Read<int>(result, Accounts.Serializer);
}
