namespace LifeRaft.Docker.Tests;

/// <summary>What <c>docker run</c> would be told.</summary>
internal sealed record ContainerSettings
{
    public required string Name { get; init; }

    /// <summary>The image's folder; see <see cref="BuiltImage"/>.</summary>
    public required string Image { get; init; }

    /// <summary>A network namespace, as <c>ip netns</c> lists it.</summary>
    public required string Network { get; init; }

    /// <summary>In addition to the image's.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>In the place of the image's CMD.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = ImageConfiguration.Command;

    /// <summary>As container.sh takes them.</summary>
    public IReadOnlyList<string> Mounts { get; init; } = [];
}
