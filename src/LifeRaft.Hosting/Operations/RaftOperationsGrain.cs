using Orleans.Concurrency;
using Orleans.GrainDirectory;
using Orleans.Runtime.Messaging;

namespace LifeRaft.Hosting;

/// <summary>Asks the silos that run what they say of themselves.</summary>
[GrainType("liferaft-operations")]
// Orleans asks the directory for stateless workers, too, and a part of its own is lost with each silo until that counts as dead.
[GrainDirectory(NoDirectory.Name)]
[StatelessWorker(1)]
[Reentrant]
internal sealed class RaftOperationsGrain(RunningSilos silos, TimeProvider time) : Grain, IRaftOperations
{
    public async Task<ClusterAnswer> Report(string? group, TimeSpan patience)
    {
        var answers = await AskAll(silo => silo.Report(group), patience);
        return new ClusterAnswer(
            time.GetUtcNow(),
            [.. answers.Select(answer => answer.Value).OfType<SiloReport>()],
            [.. answers.Where(answer => answer.Problem is not null).Select(answer => new SilentSilo(answer.Silo, answer.Problem!))]);
    }

    public async Task<JournalPage> Journal(JournalPosition after, TimeSpan patience)
    {
        var answers = await Task.WhenAll(silos.Names.Select(async name =>
            (Name: name, Page: (await Ask(name, silo => silo.Journal(after.Silos.GetValueOrDefault(name)), patience)).Value)));
        var pages = answers.Where(answer => answer.Page is not null).ToDictionary(answer => answer.Name, answer => answer.Page!);
        return new JournalPage(
            [.. pages.Values.SelectMany(page => page.Entries).OrderBy(entry => entry.At).ThenBy(entry => entry.Silo, StringComparer.Ordinal).ThenBy(entry => entry.Number)],
            new JournalPosition { Silos = after.Silos.SetItems(pages.Select(page => KeyValuePair.Create(page.Key, page.Value.Position))) });
    }

    public async Task<IReadOnlyList<string>> Drain(string silo, bool isDrained) => silos.Find(silo) is null
        ? throw new NodeUnavailableException($"No silo named '{silo}' runs. Running are: {string.Join(", ", silos.Names.Order(StringComparer.Ordinal))}.")
        : await GrainFactory.GetGrain<IRaftSilo>(silo).Drain(isDrained);

    private async Task<IReadOnlyList<(string Silo, T? Value, string? Problem)>> AskAll<T>(Func<IRaftSilo, Task<T>> request, TimeSpan patience)
        where T : class => await Task.WhenAll(silos.Names.Order(StringComparer.Ordinal).Select(name => Ask(name, request, patience)));

    private async Task<(string Silo, T? Value, string? Problem)> Ask<T>(string name, Func<IRaftSilo, Task<T>> request, TimeSpan patience)
        where T : class
    {
        try
        {
            return (name, await request(GrainFactory.GetGrain<IRaftSilo>(name)).WaitAsync(patience, time), null);
        }
        catch (TimeoutException)
        {
            silos.Doubt();
            return (name, null, $"{name} did not answer within {Duration.Format(patience)}");
        }
        catch (Exception failure) when (failure is OrleansException or ConnectionFailedException or NodeUnavailableException)
        {
            silos.Doubt();
            return (name, null, $"{name} cannot be reached");
        }
    }
}
