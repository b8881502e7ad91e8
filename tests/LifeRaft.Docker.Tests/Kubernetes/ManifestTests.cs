using k8s.Models;

namespace LifeRaft.Docker.Tests;

/// <summary>What an API server would refuse, and what it would accept although no pod would ever be ready.</summary>
public class ManifestTests
{
    private readonly Manifests _manifests = new();

    [Fact]
    public void Every_file_is_what_the_Kubernetes_API_knows() => Assert.Equal(
        ["V1ConfigMap", "V1NetworkPolicy", "V1PodDisruptionBudget", "V1Service", "V1Service", "V1StatefulSet"],
        _manifests.All.Select(each => each.GetType().Name).Order());

    [Fact]
    public void Every_selector_selects_the_pods()
    {
        var labels = _manifests.Pod.Metadata.Labels;
        Assert.All(
            _manifests.Services.Select(service => service.Spec.Selector)
                .Append(_manifests.StatefulSet.Spec.Selector.MatchLabels)
                .Append(_manifests.DisruptionBudget.Spec.Selector.MatchLabels)
                .Append(_manifests.NetworkPolicy.Spec.PodSelector.MatchLabels)
                .Concat(_manifests.Pod.Spec.TopologySpreadConstraints.Select(constraint => constraint.LabelSelector.MatchLabels))
                .Concat(_manifests.Pod.Spec.Affinity.PodAntiAffinity.RequiredDuringSchedulingIgnoredDuringExecution.Select(term => term.LabelSelector.MatchLabels)),
            selector =>
            {
                Assert.NotEmpty(selector);
                Assert.All(selector, label => Assert.Equal(label.Value, labels[label.Key]));
            });
    }

    [Fact]
    public void Every_port_that_is_named_is_a_port_of_the_container()
    {
        var ports = _manifests.Silo.Ports.ToDictionary(port => port.Name, port => port.ContainerPort);
        Assert.All(_manifests.Services.SelectMany(service => service.Spec.Ports), port => Assert.Equal(port.Port, ports[port.TargetPort.Value]));
        Assert.All(_manifests.NetworkPolicy.Spec.Ingress.SelectMany(rule => rule.Ports), port => Assert.Contains(port.Port.Value, ports.Keys));
        Assert.Equal($"{ports["http"]}", _manifests.Pod.Metadata.Annotations["prometheus.io/port"]);
    }

    [Fact]
    public void The_silos_find_each_other_before_they_are_ready()
    {
        Assert.Equal(_manifests.Headless.Metadata.Name, _manifests.StatefulSet.Spec.ServiceName);
        Assert.True(_manifests.Headless.Spec.PublishNotReadyAddresses);
        Assert.Equal("Parallel", _manifests.StatefulSet.Spec.PodManagementPolicy);
    }

    [Fact]
    public void A_client_is_sent_to_silos_that_are_ready()
    {
        var client = Assert.Single(_manifests.Services, service => service.Spec.ClusterIP != "None");
        Assert.NotEqual(true, client.Spec.PublishNotReadyAddresses);
        Assert.Contains(client.Spec.Ports, port => port.Port == 30000);
    }

    [Fact]
    public void Three_silos_lose_one_at_a_time()
    {
        Assert.Equal(3, _manifests.StatefulSet.Spec.Replicas);
        Assert.Equal("1", _manifests.DisruptionBudget.Spec.MaxUnavailable.Value);
        Assert.Null(_manifests.DisruptionBudget.Spec.MinAvailable);
        Assert.Equal("IfHealthyBudget", _manifests.DisruptionBudget.Spec.UnhealthyPodEvictionPolicy);
    }

    [Fact]
    public void Each_probe_asks_the_question_that_it_is_there_for()
    {
        var paths = new[] { _manifests.Silo.StartupProbe, _manifests.Silo.ReadinessProbe, _manifests.Silo.LivenessProbe }
            .Select(probe => $"{probe.HttpGet.Port.Value} {probe.HttpGet.Path}");
        Assert.Equal(["http /health/startup", "http /health/ready", "http /health/live"], paths);
    }

    [Fact]
    public void A_pod_is_killed_only_long_after_the_silos_grace_period()
    {
        var before = TimeSpan.FromSeconds(_manifests.Silo.Lifecycle.PreStop.Sleep.Seconds);
        var limit = TimeSpan.FromSeconds(_manifests.Pod.Spec.TerminationGracePeriodSeconds!.Value);
        Assert.True(limit > before + GracePeriod.OfSilo, $"{limit} is to be above {before} and {GracePeriod.OfSilo}.");
    }

    [Fact]
    public void The_pod_is_not_root_and_writes_to_its_volumes_only()
    {
        var pod = _manifests.Pod.Spec.SecurityContext;
        Assert.Equal((true, 1654L, 1654L, 1654L), (pod.RunAsNonRoot, pod.RunAsUser, pod.RunAsGroup, pod.FsGroup));
        Assert.Equal("RuntimeDefault", pod.SeccompProfile.Type);
        var container = _manifests.Silo.SecurityContext;
        Assert.Equal((true, false), (container.ReadOnlyRootFilesystem, container.AllowPrivilegeEscalation));
        Assert.Equal(["ALL"], container.Capabilities.Drop);
        Assert.Null(container.Capabilities.Add);
        Assert.False(_manifests.Pod.Spec.AutomountServiceAccountToken);
    }

    [Fact]
    public void Kubernetes_adds_no_variable_that_the_silo_would_take_for_its_own()
    {
        // A Service "liferaft" gives every pod of its namespace LIFERAFT_PORT and more, unless the pod declines.
        Assert.Contains(_manifests.Services, service => service.Metadata.Name.StartsWith("liferaft", StringComparison.Ordinal));
        Assert.False(_manifests.Pod.Spec.EnableServiceLinks);
    }

    [Fact]
    public void Each_volume_that_is_mounted_exists_and_the_log_outlives_the_pod()
    {
        var volumes = _manifests.Pod.Spec.Volumes.Select(volume => volume.Name).Concat(_manifests.StatefulSet.Spec.VolumeClaimTemplates.Select(claim => claim.Metadata.Name));
        Assert.Equal(volumes.Order(), _manifests.Silo.VolumeMounts.Select(mount => mount.Name).Order());
        Assert.Equal(_manifests.Configuration.Metadata.Name, _manifests.Pod.Spec.Volumes.Single(volume => volume.ConfigMap is not null).ConfigMap.Name);
        var log = Assert.Single(_manifests.StatefulSet.Spec.VolumeClaimTemplates).Metadata.Name;
        Assert.Equal("/data", _manifests.Silo.VolumeMounts.Single(mount => mount.Name == log).MountPath);
        var retention = _manifests.StatefulSet.Spec.PersistentVolumeClaimRetentionPolicy;
        Assert.Equal(("Retain", "Retain"), (retention.WhenDeleted, retention.WhenScaled));
    }

    [Fact]
    public void Name_and_address_of_a_silo_are_the_pods() => Assert.Equal(
        [("LIFERAFT_Silo__Address", "status.podIP"), ("LIFERAFT_Silo__Name", "metadata.name")],
        _manifests.Silo.Env.Select(variable => (variable.Name, variable.ValueFrom.FieldRef.FieldPath)).Order());

    [Fact]
    public void The_image_is_that_of_compose() =>
        Assert.Equal(new ComposeFile(ComposeFile.Silos).Services["silo-1"].TextAt("image"), _manifests.Silo.Image);
}
