using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace LifeRaft.TestingHost;

/// <summary>
/// Finds what would make the members of a group differ. It applies one log of commands to fresh instances of a machine again and again:
/// at other times, in another culture, with the memory of each command overwritten when it is applied, with snapshots that are written
/// later than they were captured, and through a snapshot after every command. After each command it compares results, answers, deadlines
/// and the hashes of the states.
/// </summary>
/// <remarks>
/// It sees what the log that it is given makes the machine do. It does not see what is the same all over one process: a date without its
/// time, the machine's name, or hash codes of strings, whose order a dictionary follows; therefore the types of a typed machine's state are
/// checked too. It takes up to a second, for it waits until the clock shows another one, and writes the state several times for each
/// command.
/// </remarks>
public static class DeterminismTest
{
    private static readonly Lazy<Serializer> _serializer = new(() => new ServiceCollection().AddSerializer().BuildServiceProvider().GetRequiredService<Serializer>());

    /// <summary>Checks a typed machine, and that the collections of its state have a defined order.</summary>
    /// <param name="create">Makes a fresh machine.</param>
    /// <param name="commands">A log of its commands, <c>[new Deposit("anna", 100), …]</c>; the more of them and the more kinds, the more is found.</param>
    /// <param name="queries">Queries that are asked after each command.</param>
    /// <typeparam name="TMachine">The machine.</typeparam>
    /// <exception cref="NotDeterministicException">It is not deterministic; the message says where and why.</exception>
    /// <exception cref="InvalidRequestException">The machine does not know one of the commands.</exception>
    public static void Run<TMachine>(Func<Serializer, TMachine> create, IEnumerable<object> commands, IEnumerable<object>? queries = null)
        where TMachine : class, IStateMachine
    {
        ArgumentNullException.ThrowIfNull(create);
        ArgumentNullException.ThrowIfNull(commands);
        var serializer = _serializer.Value;
        var types = new ObjectSerializer(serializer.SessionPool);
        RequireDefinedOrder(create(serializer));

        Run(() => create(serializer), [.. commands.Select(Written)], [.. (queries ?? []).Select(Written)]);

        LoggedRequest Written(object request)
        {
            ArgumentNullException.ThrowIfNull(request);
            return new LoggedRequest(RequestFrame.Encode(RequestFrame.AliasOf(request.GetType()), request, types), request.ToString() ?? request.GetType().Name);
        }
    }

    /// <summary>Checks a machine.</summary>
    /// <param name="create">Makes a fresh machine.</param>
    /// <param name="commands">A log of its commands; the more of them and the more kinds, the more is found.</param>
    /// <param name="queries">Queries that are asked after each command.</param>
    /// <exception cref="NotDeterministicException">It is not deterministic; the message says where and why.</exception>
    /// <exception cref="InvalidRequestException">The machine does not know one of the commands.</exception>
    public static void Run(Func<IStateMachine> create, IEnumerable<ReadOnlyMemory<byte>> commands, IEnumerable<ReadOnlyMemory<byte>>? queries = null)
    {
        ArgumentNullException.ThrowIfNull(create);
        ArgumentNullException.ThrowIfNull(commands);
        Run(create, [.. commands.Select(LoggedRequest.Of)], [.. (queries ?? []).Select(LoggedRequest.Of)]);
    }

    /// <summary>
    /// Checks that no collection in a type of state is without a defined order. A hash table of strings is enumerated in another order by
    /// each process, so equal states would be written as different bytes, and what goes through it would come out differently.
    /// </summary>
    /// <param name="state">The type of the state.</param>
    /// <exception cref="NotDeterministicException">One is; the message names the member and what to use instead.</exception>
    public static void RequireDefinedOrder(Type state)
    {
        ArgumentNullException.ThrowIfNull(state);
        Require(state, new StateTypes().ProblemsOf(state));
    }

    private static void Run(Func<IStateMachine> create, LoggedRequest[] commands, LoggedRequest[] queries)
    {
        var log = new ReplayedLog(create, commands, queries);
        log.RequireKnown();
        var first = log.Replay(Circumstances.First);
        var clocks = Clocks.Now;
        clocks.WaitForOthers();
        foreach (var circumstances in Circumstances.Others)
        {
            if (circumstances.IsInAnotherSecond)
            {
                clocks.WaitForAnotherSecond();
            }

            log.Compare(first, log.Replay(circumstances), circumstances);
        }
    }

    private static void RequireDefinedOrder(IStateMachine machine)
    {
        var type = machine.GetType();
        while (type is not null && !(type.IsGenericType && type.GetGenericTypeDefinition() == typeof(StateMachine<>)))
        {
            type = type.BaseType;
        }

        if (type is not null)
        {
            RequireDefinedOrder(type.GetGenericArguments()[0]);
            var state = type.GetProperty("State", BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(machine)!;
            Require(state.GetType(), new SortedByCulture().ProblemsOf(state));
        }
    }

    private static void Require(Type state, IReadOnlyList<string> problems)
    {
        if (problems.Count > 0)
        {
            throw new NotDeterministicException($"The state {state.Name} has collections without a defined order:{string.Concat(problems.Select(problem => $"\n  {problem}"))}");
        }
    }
}

/// <summary>A command or query, and what it is called in messages.</summary>
internal sealed record LoggedRequest(ReadOnlyMemory<byte> Bytes, string Name)
{
    private const int ShownBytes = 32;

    public static LoggedRequest Of(ReadOnlyMemory<byte> bytes) => new(bytes, string.Create(
        CultureInfo.InvariantCulture, $"{bytes.Length} bytes, {Convert.ToHexString(bytes.Span[..Math.Min(bytes.Length, ShownBytes)])}{(bytes.Length > ShownBytes ? "…" : "")}"));
}
