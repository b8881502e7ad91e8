using System.Net;
using System.Net.Sockets;
using Orleans.Runtime.Messaging;

namespace LifeRaft.Cli;

/// <summary>The silos of <c>up</c>, in this process, on the loopback interface.</summary>
internal sealed class UpCluster : IAsyncDisposable
{
    private static readonly TimeSpan _betweenLooks = TimeSpan.FromMilliseconds(50);
    private readonly ProcessMembershipTable _membership = new();
    private readonly List<(ProcessSilo Silo, Gateway Gateway)> _silos = [];

    private UpCluster()
    {
    }

    /// <summary>The groups that it has: one of keys and values, and the one in which the tool keeps locks unless it is told otherwise.</summary>
    public static IReadOnlyList<string> GroupNames { get; } = ["kv/default", HoldOptions.UsualGroup];

    /// <summary>As its first silo sees it.</summary>
    public IGrainFactory Grains => _silos[0].Silo.Grains;

    /// <summary>By silo, where clients reach it.</summary>
    public IReadOnlyList<(string Name, Gateway Gateway)> Silos => [.. _silos.Select(silo => (silo.Silo.Name, silo.Gateway))];

    /// <summary>Starts it, and waits until each group has a leader.</summary>
    /// <exception cref="IOException">A port is taken.</exception>
    public static async Task<UpCluster> Start(UpSettings settings, UpData data, TimeProvider time, CancellationToken cancellationToken)
    {
        var cluster = new UpCluster();
        try
        {
            for (var number = 1; number <= settings.Silos; number++)
            {
                await cluster.StartSilo($"silo-{number}", settings.FirstPort == 0 ? ProcessSilo.FreePort() : Unused(settings.FirstPort + number - 1), settings, data, cancellationToken);
            }

            await cluster.WaitForGroups(settings.Members, time, cancellationToken);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        // One after the other: silos that go down at once spend seconds on telling each other.
        foreach (var (silo, _) in _silos)
        {
            await silo.DisposeAsync();
        }

        _silos.Clear();
    }

    private async Task StartSilo(string name, int port, UpSettings settings, UpData data, CancellationToken cancellationToken)
    {
        var silo = await ProcessSilo.Start(
            name,
            UpSettings.ClusterId,
            port,
            _membership,
            silo => silo.AddLifeRaft(
                raft =>
                {
                    raft.AddStateMachine<KeyValueMachine>("kv").AddStateMachine<LockMachine>(GroupName.Parse(HoldOptions.UsualGroup).Machine).UseRocksDbLog(data.Of(name));
                    foreach (var group in GroupNames)
                    {
                        raft.AddGroup(group, settings.Members);
                    }
                },
                options => options.AllowDestructiveCallsFromClients = true),
            cancellationToken);
        _silos.Add((silo, new Gateway("127.0.0.1", port)));
    }

    /// <summary>Each group is led and has all its members: what is typed next finds what was promised.</summary>
    private async Task WaitForGroups(int members, TimeProvider time, CancellationToken cancellationToken)
    {
        var operations = Grains.GetRaftCluster();
        while (true)
        {
            try
            {
                var ready = (await operations.Look(cancellationToken)).Groups.Where(group => group.Leader.Length > 0 && group.Voters >= members).Select(group => group.Name);
                if (!GroupNames.Except(ready).Any())
                {
                    return;
                }
            }
            catch (Exception failure) when (failure is RaftException or OrleansException or ConnectionFailedException)
            {
                // It has only just started.
            }

            await Task.Delay(_betweenLooks, time, cancellationToken);
        }
    }

    private static int Unused(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return port;
        }
        catch (SocketException failure)
        {
            throw new IOException($"Port {port} of 127.0.0.1 cannot be used ({failure.Message}). Perhaps another cluster runs: use that one, stop it, or start this one with --ports 0.");
        }
    }
}
