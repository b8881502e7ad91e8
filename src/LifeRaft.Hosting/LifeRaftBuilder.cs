using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LifeRaft.Hosting;

/// <summary>Says what a silo replicates and where it keeps its logs.</summary>
public sealed class LifeRaftBuilder
{
    internal LifeRaftBuilder(IServiceCollection services) => Services = services;

    /// <summary>The silo's services.</summary>
    public IServiceCollection Services { get; }

    /// <summary>Registers a state machine under the name that its <see cref="RaftMachineAttribute"/> gives it.</summary>
    /// <typeparam name="TMachine">A class with a constructor that the silo's services can fill.</typeparam>
    /// <exception cref="InvalidRequestException">It has no <see cref="RaftMachineAttribute"/>, or another machine has its name.</exception>
    public LifeRaftBuilder AddStateMachine<TMachine>()
        where TMachine : class, IStateMachine =>
        AddStateMachine<TMachine>(RaftMachineAttribute.NameOf(typeof(TMachine)));

    /// <summary>Registers a state machine; groups named <c>{name}/…</c> replicate it. To register one again changes the grain of its nodes.</summary>
    /// <typeparam name="TMachine">A class with a constructor that the silo's services can fill.</typeparam>
    /// <exception cref="InvalidRequestException">Another machine has the name.</exception>
    public LifeRaftBuilder AddStateMachine<TMachine>(string name)
        where TMachine : class, IStateMachine =>
        AddStateMachine<TMachine, RaftNodeGrain>(name);

    /// <summary>Registers a state machine whose nodes are grains of a class of your own.</summary>
    /// <typeparam name="TMachine">The state machine.</typeparam>
    /// <typeparam name="TNodeGrain">The grain class, with a <c>[GrainType]</c> of its own.</typeparam>
    /// <exception cref="InvalidRequestException">Another machine has the name.</exception>
    public LifeRaftBuilder AddStateMachine<TMachine, TNodeGrain>(string name)
        where TMachine : class, IStateMachine
        where TNodeGrain : RaftNodeGrain
    {
        NameRules.Require(name, "the machine", name);
        if (Services.Select(service => service.ImplementationInstance).OfType<MachineRegistration>().FirstOrDefault(other => other.Name == name && other.Machine != typeof(TMachine)) is { } taken)
        {
            throw new InvalidRequestException($"Both {taken.Machine} and {typeof(TMachine)} are registered as '{name}': a group would not know which of them it replicates. Give one of them another name.");
        }

        Services.AddSingleton(new MachineRegistration(name, typeof(TMachine), static services => ActivatorUtilities.CreateInstance<TMachine>(services), typeof(TNodeGrain)));
        return this;
    }

    /// <summary>
    /// Declares a group that is to exist from the first start on; see <see cref="RaftOptions.Groups"/>, where configuration declares them.
    /// </summary>
    /// <param name="name">The group, <c>{machine}/{name}</c>, of a registered state machine.</param>
    /// <param name="members">1, 3, 5, 7 or 9 members, each on a silo of its own.</param>
    /// <exception cref="InvalidNameException">The name is malformed.</exception>
    public LifeRaftBuilder AddGroup(string name, int members = 3)
    {
        var group = GroupName.Parse(name).ToString();
        Services.Configure<RaftOptions>(options => options.Groups[group] = new GroupDeclaration { Members = members });
        return this;
    }

    /// <summary>Keeps the logs of this silo durably in a write-ahead log of LifeRaft's own.</summary>
    /// <param name="directory">A directory that this silo has for itself.</param>
    /// <param name="options">What is not to be as it is by default.</param>
    public LifeRaftBuilder UseWriteAheadLog(string directory, Action<WriteAheadLogOptions>? options = null)
    {
        var log = new WriteAheadLogOptions { Directory = directory };
        options?.Invoke(log);
        Services.AddSingleton<IRaftLogStore>(services => new WriteAheadLogStore(log, services.GetRequiredService<ILogger<WriteAheadLogStore>>()));
        return this;
    }

    /// <summary>Keeps the logs in memory: nothing survives the silo. For tests and demos.</summary>
    public LifeRaftBuilder UseInMemoryLog()
    {
        Services.AddSingleton<IRaftLogStore, MemoryLogStore>();
        return this;
    }
}
