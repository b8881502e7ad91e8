using Orleans;
using Orleans.Serialization;

namespace LifeRaft.TestingHost.Tests;

/// <summary>A typed machine that does what none may do.</summary>
[RaftMachine("unsound")]
public sealed class Unsound : StateMachine<UnsoundState>
{
    private static int _count;

    public Unsound(Serializer serializer)
        : base(serializer, new UnsoundState("")) =>
        OnCommand<Do, string>((command, context) =>
        {
            var done = command.What switch
            {
                "clock" => Clock(),
                "chance" => Dice.Throw(),
                "id" => $"{Guid.NewGuid()}",
                "shared" => Count(),
                _ => "nothing",
            };
            State = new UnsoundState(done);
            return done;
        });

    private static string Clock() => $"{DateTime.UtcNow.Ticks}";

    private static string Count() => $"{++_count}";
}

/// <summary>What a machine may call, in its assembly.</summary>
internal static class Dice
{
    public static string Throw() => $"{Random.Shared.Next()}";
}

[GenerateSerializer]
public sealed record UnsoundState([property: Id(0)] string Last);

[GenerateSerializer]
[Alias("unsound.do")]
public sealed record Do([property: Id(0)] string What) : ICommand<Unsound, string>;
