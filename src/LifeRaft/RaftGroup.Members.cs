namespace LifeRaft;

/// <summary>Changes of members that wait until a log has been copied.</summary>
public sealed partial class RaftGroup
{
    /// <summary>
    /// Is told how far the member is that comes, while <see cref="AddVoter"/>, <see cref="MakeVoter"/> or <see cref="Replace"/> wait for it;
    /// null, the default, for nobody.
    /// </summary>
    public IProgress<CatchUp>? CatchingUp { get; set; }

    /// <summary>
    /// A large log or snapshot takes its time, and a change that comes to its end is none to give up: it is waited for, and asked for again
    /// where a silo gave it up, as long as the member gets further within each <see cref="Timeout"/>.
    /// </summary>
    private async Task<JoinResult> Admitted(string address, Func<IRaftCoordinator, Task<JoinResult>> request, CancellationToken cancellationToken)
    {
        var watch = new CatchUpWatch(new RaftCluster(_grains, _time), Name, address, _time);
        for (CatchUp? before = null; ; before = watch.Seen)
        {
            using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var watching = watch.Run(CatchingUp, over.Token);
            try
            {
                return await _route.Coordinate(request, cancellationToken);
            }
            catch (OutcomeUnknownException)
            {
                await watch.Look(CatchingUp, cancellationToken); // The looks before may have gone unanswered.
                if (watch.Seen is not { } seen)
                {
                    throw;
                }

                if (seen.IsFurtherThan(before))
                {
                    continue;
                }

                throw new OutcomeUnknownException($"{address} is admitted to {Name}, and does not vote yet: {seen}, and got no further within {Timeout.TotalSeconds:0.#} s. It goes on as soon as its silo can be reached. Repeat this to wait for it, or take it back: liferaft member remove {Name} {address}");
            }
            finally
            {
                await over.CancelAsync();
                await watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
