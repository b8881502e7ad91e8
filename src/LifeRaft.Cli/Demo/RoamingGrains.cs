using System.Reflection;

namespace LifeRaft.Cli;

/// <summary>The grains as one client of the demo reaches them: through its silo, and through another one once that is down.</summary>
internal class RoamingGrains : DispatchProxy
{
    private Func<IGrainFactory> _grains = null!;

    public static IGrainFactory Of(Func<IGrainFactory> grains)
    {
        var factory = Create<IGrainFactory, RoamingGrains>();
        ((RoamingGrains)factory)._grains = grains;
        return factory;
    }

    /// <inheritdoc/>
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        targetMethod!.Invoke(_grains(), BindingFlags.DoNotWrapExceptions, binder: null, args, culture: null);
}
