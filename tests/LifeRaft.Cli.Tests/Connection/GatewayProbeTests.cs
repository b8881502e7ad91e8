using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Time.Testing;

namespace LifeRaft.Cli.Tests.Connection;

/// <summary>How long gateways are waited for.</summary>
public sealed class GatewayProbeTests
{
    private static readonly IPEndPoint _one = new(IPAddress.Loopback, 1);
    private static readonly IPEndPoint _other = new(IPAddress.Loopback, 2);
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(10);

    private readonly FakeTimeProvider _time = new();
    private readonly Dictionary<IPEndPoint, TaskCompletionSource> _answers = new() { [_one] = new(), [_other] = new() };

    [Fact]
    public async Task While_nobody_answers_they_are_waited_for_as_long_as_the_command_line_says()
    {
        var look = Look();
        _time.Advance(_timeout - TimeSpan.FromMilliseconds(1));
        Assert.False(look.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal([(_one, "no answer"), (_other, "no answer")], (await look).Select(seen => (seen.Key, seen.Value)));
    }

    [Fact]
    public async Task Once_one_has_answered_the_others_have_a_second()
    {
        var look = Look();
        _time.Advance(TimeSpan.FromSeconds(5));
        _answers[_one].SetResult();
        _time.Advance(GatewayProbe.Patience - TimeSpan.FromMilliseconds(1));
        Assert.False(look.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal([(_one, null), (_other, "no answer")], (await look).Select(seen => (seen.Key, seen.Value)));
    }

    [Fact]
    public async Task An_answer_makes_nobody_wait_longer_than_the_command_line_says()
    {
        var look = Look();
        _time.Advance(_timeout - TimeSpan.FromMilliseconds(10));
        _answers[_one].SetResult();
        _time.Advance(TimeSpan.FromMilliseconds(10));
        Assert.Equal([(_one, null), (_other, "no answer")], (await look).Select(seen => (seen.Key, seen.Value)));
    }

    [Fact]
    public async Task When_all_have_said_something_nobody_waits()
    {
        var look = Look();
        _answers[_one].SetResult();
        _answers[_other].SetException(new SocketException((int)SocketError.ConnectionRefused));
        Assert.Equal([(_one, null), (_other, "connection refused")], (await look).Select(seen => (seen.Key, seen.Value)));
    }

    private Task<IReadOnlyDictionary<IPEndPoint, string?>> Look() =>
        new GatewayProbe((endpoint, giveUp) => _answers[endpoint].Task.WaitAsync(giveUp), _time).Look([_one, _other], _timeout, TestContext.Current.CancellationToken);
}
