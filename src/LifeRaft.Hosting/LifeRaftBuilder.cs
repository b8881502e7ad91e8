using Microsoft.Extensions.DependencyInjection;

namespace LifeRaft.Hosting;

/// <summary>Says what a silo replicates and where it keeps its logs.</summary>
public sealed class LifeRaftBuilder
{
    internal LifeRaftBuilder(IServiceCollection services) => Services = services;

    /// <summary>The silo's services.</summary>
    public IServiceCollection Services { get; }

    /// <summary>Registers a state machine; groups named <c>{name}/…</c> replicate it. A second registration of a name replaces the first.</summary>
    /// <typeparam name="TMachine">A class with a constructor that the silo's services can fill.</typeparam>
    public LifeRaftBuilder AddStateMachine<TMachine>(string name)
        where TMachine : class, IStateMachine =>
        AddStateMachine<TMachine, RaftNodeGrain>(name);

    /// <summary>Registers a state machine whose nodes are grains of a class of your own.</summary>
    /// <typeparam name="TMachine">The state machine.</typeparam>
    /// <typeparam name="TNodeGrain">The grain class, with a <c>[GrainType]</c> of its own.</typeparam>
    public LifeRaftBuilder AddStateMachine<TMachine, TNodeGrain>(string name)
        where TMachine : class, IStateMachine
        where TNodeGrain : RaftNodeGrain
    {
        NameRules.Require(name, "the machine", name);
        Services.AddSingleton(new MachineRegistration(name, static services => ActivatorUtilities.CreateInstance<TMachine>(services), typeof(TNodeGrain)));
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

    /// <summary>Keeps the logs in memory: nothing survives the silo. For tests and demos.</summary>
    public LifeRaftBuilder UseInMemoryLog()
    {
        Services.AddSingleton<IRaftLogStore, MemoryLogStore>();
        return this;
    }
}
