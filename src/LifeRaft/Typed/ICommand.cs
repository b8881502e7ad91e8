namespace LifeRaft;

/// <summary>
/// A command to a machine: a plain type with <c>[GenerateSerializer]</c>, an <c>[Alias]</c> that never changes, and an <c>[Id]</c> for
/// each member. It is stored in logs: members may be added and removed, their ids are never used again, and what a command means changes
/// only under a new alias, for silos of an older build apply it too.
/// </summary>
/// <typeparam name="TMachine">The machine: the class, or an interface of it that clients share, with <see cref="RaftMachineAttribute"/>.</typeparam>
/// <typeparam name="TResult">What its handler returns.</typeparam>
public interface ICommand<in TMachine, out TResult>;

/// <summary>A command without a result; otherwise as <see cref="ICommand{TMachine, TResult}"/>.</summary>
/// <typeparam name="TMachine">The machine.</typeparam>
public interface ICommand<in TMachine>;

/// <summary>A question to a machine, which changes nothing; a type as that of a command.</summary>
/// <typeparam name="TMachine">The machine.</typeparam>
/// <typeparam name="TResult">What its handler returns.</typeparam>
public interface IQuery<in TMachine, out TResult>;
