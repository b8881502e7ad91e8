using k8s;
using k8s.Models;

namespace LifeRaft.Docker.Tests;

/// <summary>
/// The files of docker/kubernetes, read with the models of the Kubernetes API: a key that it does not know is an exception, where
/// <c>kubectl</c> and the servers would differ in what they make of it.
/// </summary>
internal sealed class Manifests
{
    public const string Folder = "docker/kubernetes";

    private readonly List<object> _objects =
        [.. Directory.EnumerateFiles(Tree.PathOf(Folder), "*.yaml").Order().SelectMany(file => KubernetesYaml.LoadAllFromString(File.ReadAllText(file), typeMap: null, strict: true))];

    public IReadOnlyList<object> All => _objects;

    public V1StatefulSet StatefulSet => Single<V1StatefulSet>();

    public V1PodTemplateSpec Pod => StatefulSet.Spec.Template;

    public V1Container Silo => Assert.Single(Pod.Spec.Containers);

    public V1ConfigMap Configuration => Single<V1ConfigMap>();

    public V1PodDisruptionBudget DisruptionBudget => Single<V1PodDisruptionBudget>();

    public V1NetworkPolicy NetworkPolicy => Single<V1NetworkPolicy>();

    public IReadOnlyList<V1Service> Services => [.. _objects.OfType<V1Service>()];

    public V1Service Headless => Services.Single(service => service.Spec.ClusterIP == "None");

    private T Single<T>() => Assert.Single(_objects.OfType<T>());
}
