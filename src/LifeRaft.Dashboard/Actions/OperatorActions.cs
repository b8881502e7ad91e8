namespace LifeRaft.Dashboard;

/// <summary>What an operator may change from the page. Each returns what was done, as a sentence.</summary>
internal sealed class OperatorActions(IGrainFactory grains)
{
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(30);

    /// <summary>By the last part of the path.</summary>
    public IReadOnlyDictionary<string, Func<ActionRequest, CancellationToken, Task<string>>> All => new Dictionary<string, Func<ActionRequest, CancellationToken, Task<string>>>
    {
        ["transfer"] = Transfer,
        ["step-down"] = StepDown,
        ["add"] = Add,
        ["make-voter"] = MakeVoter,
        ["remove"] = Remove,
        ["drain"] = Drain,
        ["resume"] = Resume,
    };

    private async Task<string> Transfer(ActionRequest request, CancellationToken cancellationToken)
    {
        var address = Given(request.Address, "address");
        await Group(request).TransferLeadership(address, cancellationToken);
        return $"{address} leads {request.Group}.";
    }

    private async Task<string> StepDown(ActionRequest request, CancellationToken cancellationToken)
    {
        await Group(request).TransferLeadership(null, cancellationToken);
        return $"The leader of {request.Group} has handed over.";
    }

    private async Task<string> Add(ActionRequest request, CancellationToken cancellationToken)
    {
        var (group, address) = (Group(request), Given(request.Address, "address"));
        await (request.IsLearner ? group.AddLearner(address, cancellationToken) : group.AddVoter(address, cancellationToken));
        return $"{address} is a {(request.IsLearner ? "learner" : "voter")} of {request.Group}.";
    }

    private async Task<string> MakeVoter(ActionRequest request, CancellationToken cancellationToken)
    {
        var address = Given(request.Address, "address");
        await Group(request).MakeVoter(address, cancellationToken);
        return $"{address} is a voter of {request.Group}.";
    }

    private async Task<string> Remove(ActionRequest request, CancellationToken cancellationToken)
    {
        var address = Given(request.Address, "address");
        return await Group(request).Leave(address, cancellationToken) is null
            ? $"{request.Group} has no member {address}: nothing was done."
            : $"{address} is no member of {request.Group} any more.";
    }

    private async Task<string> Drain(ActionRequest request, CancellationToken cancellationToken)
    {
        var silo = Given(request.Silo, "silo");
        var left = await grains.GetRaftCluster().Drain(silo, cancellationToken);
        return left.Count == 0
            ? $"{silo} leads nothing, until it is resumed or started anew."
            : $"{silo} is drained, but still leads {left.Count} groups that no other voter could take over in time: {string.Join(", ", left.Take(10))}{(left.Count > 10 ? " …" : "")}.";
    }

    private async Task<string> Resume(ActionRequest request, CancellationToken cancellationToken)
    {
        var silo = Given(request.Silo, "silo");
        await grains.GetRaftCluster().Resume(silo, cancellationToken);
        return $"{silo} may lead again.";
    }

    private RaftGroup Group(ActionRequest request)
    {
        var group = grains.GetRaftGroup(Given(request.Group, "group"));
        group.Timeout = _timeout;
        return group;
    }

    private static string Given(string? value, string name) => string.IsNullOrWhiteSpace(value)
        ? throw new InvalidRequestException($"The action needs '{name}' in its body.")
        : value;
}
