namespace LifeRaft.Hosting;

/// <summary>
/// Calls from clients outside the silos. Whoever reaches a gateway can call any grain, so what destroys data or speaks for a member is
/// refused there unless the silo's options allow it.
/// </summary>
internal static class OutsideCallers
{
    /// <exception cref="InvalidRequestException">The caller is a client outside the silos, which are not told to allow it.</exception>
    public static void Refuse(IIncomingGrainCallContext context, object target, RaftOptions options)
    {
        if (context.SourceId is { } source && IsOutside(source) && !options.AllowDestructiveCallsFromClients)
        {
            throw new InvalidRequestException($"{context.InterfaceMethod.Name} on {target} was refused: it can destroy data or speak for a member, and the caller is a client outside the silos. Call it from a silo, or set {nameof(RaftOptions.AllowDestructiveCallsFromClients)} there.");
        }
    }

    private static bool IsOutside(GrainId source) =>
        source.Type.AsSpan().SequenceEqual("sys.client"u8) && !source.Key.AsSpan().StartsWith("hosted-"u8);
}
