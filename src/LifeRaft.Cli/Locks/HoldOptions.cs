using System.CommandLine;

namespace LifeRaft.Cli;

/// <summary>The options of what is held while a program runs.</summary>
internal sealed class HoldOptions
{
    /// <summary>The group that keeps locks and elections where none is named.</summary>
    public const string UsualGroup = "lock/default";

    private static readonly TimeSpan _second = TimeSpan.FromSeconds(1);

    private readonly UsualOption<TimeSpan> _timeToLive = DurationOption.Create(
        "--ttl", _second, TimeSpan.FromHours(1), LockOptions.Default.TimeToLive, "How long the group keeps it for a holder of which it hears nothing: so long others wait for one that died.");

    private readonly Option<TimeSpan?> _grace = DurationOption.Create(
        "--grace", TimeSpan.Zero, TimeSpan.FromHours(1), "How long the program has to end after SIGTERM when it is lost, before SIGKILL. [default: a tenth of --ttl: after that another can have it]");

    private readonly Argument<string[]> _program = new("command")
    {
        Description = "The program and its arguments, behind --.",
        Arity = ArgumentArity.OneOrMore,
    };

    /// <summary>Gives a command these options.</summary>
    public HoldOptions AddTo(Command command)
    {
        command.Add(_program);
        command.Add(_timeToLive);
        command.Add(_grace);
        return this;
    }

    public TimeSpan TimeToLive(CommandRun run) => run.Get(_timeToLive);

    public TimeSpan Grace(CommandRun run) => run.Get(_grace) ?? GuardedRun.UsualGrace(TimeToLive(run));

    public IReadOnlyList<string> Program(CommandRun run) => run.Get(_program)!;
}
