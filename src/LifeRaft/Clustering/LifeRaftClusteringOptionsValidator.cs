using LifeRaft.Protocol;
using Microsoft.Extensions.Options;

namespace LifeRaft;

/// <summary>Refuses options of the clustering that cannot work, with every problem at once.</summary>
internal sealed class LifeRaftClusteringOptionsValidator : IValidateOptions<LifeRaftClusteringOptions>
{
    private static readonly TimeSpan _shortestRequest = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan _longestRequest = TimeSpan.FromMinutes(10);

    public ValidateOptionsResult Validate(string? name, LifeRaftClusteringOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var problems = Problems(options).Select(problem => $"LifeRaft clustering: {problem}").ToList();
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    private static IEnumerable<string> Problems(LifeRaftClusteringOptions options) =>
    [
        .. ProblemsOfVoters(options.Voters),
        .. options.RequestTimeout < _shortestRequest || options.RequestTimeout > _longestRequest
            ? [$"RequestTimeout must be from {Duration.Format(_shortestRequest)} to {Duration.Format(_longestRequest)}, but is {Duration.Format(options.RequestTimeout)}."]
            : Array.Empty<string>(),
        .. new GroupTimings(options.Heartbeat, options.ElectionMin, options.ElectionMax, GroupTimings.Default.Threshold).Problems(),
        .. options is { AuthenticateAsServer: not null, AuthenticateAsClient: null }
            ? ["AuthenticateAsServer is set and AuthenticateAsClient is not: the voters could not connect to each other. Set both."]
            : Array.Empty<string>(),
    ];

    private static IEnumerable<string> ProblemsOfVoters(IDictionary<string, string> voters)
    {
        if (voters.Count is not (1 or 3 or 5))
        {
            yield return $"Voters must name 1, 3 or 5 silos, but names {voters.Count}: an even number survives no more losses than one less, and more than five make each write slower. For instance: Voters: {{ \"silo-1\": \"10.0.0.1:12111\", \"silo-2\": \"10.0.0.2:12111\", \"silo-3\": \"10.0.0.3:12111\" }}.";
        }

        foreach (var (silo, endPoint) in voters)
        {
            if (NameRules.ProblemOf(silo) is { } problem)
            {
                yield return $"Voters: the name '{silo}' {problem}.";
            }

            if (!VoterEndPoint.TryParse(endPoint, out _))
            {
                yield return $"Voters['{silo}'] is '{endPoint}', but must be 'host:port', for instance '10.0.0.1:12111' or 'silo-1:12111'.";
            }
        }

        foreach (var shared in voters.GroupBy(voter => voter.Value, StringComparer.OrdinalIgnoreCase).Where(shared => shared.Count() > 1))
        {
            yield return $"Voters: {string.Join(" and ", shared.Select(voter => $"'{voter.Key}'"))} have the same endpoint '{shared.Key}'. Each listens on one of its own.";
        }
    }
}
