using LifeRaft.Hosting;
using StackExchange.Redis;

namespace LifeRaft.Silo;

/// <summary>Says in one line why a silo did not start, with the setting to look at where one is to blame.</summary>
internal static class StartFailure
{
    public static string Describe(Exception failure, SiloConfiguration configuration)
    {
        var causes = Causes(failure).ToList();
        foreach (var cause in causes)
        {
            switch (cause)
            {
                case SiloStartException or SiloConfigurationException or RaftException:
                    return OneLine(cause.Message);
                case LogStoreException:
                    return OneLine($"Log:Directory is '{configuration.Log.Directory}': {cause.Message}");
                case RedisException:
                    return OneLine($"Clustering:Redis:ConnectionString leads to no Redis that answers: {cause.Message}");
                default:
                    continue;
            }
        }

        // Nothing that was foreseen: the type is for whoever reports it.
        var last = causes[^1];
        return OneLine($"{last.Message} ({last.GetType().Name})");
    }

    private static IEnumerable<Exception> Causes(Exception failure)
    {
        yield return failure;
        var inner = failure is AggregateException several ? several.InnerExceptions : failure.InnerException is { } one ? [one] : (IReadOnlyList<Exception>)[];
        foreach (var cause in inner.SelectMany(Causes))
        {
            yield return cause;
        }
    }

    private static string OneLine(string text) => string.Join(' ', text.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}
