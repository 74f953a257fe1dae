package io.tulle.dialects.kubernetes;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Kinds of Kubernetes itself that a file may hold beside what a mesh reads: what runs, who may, and what it is stored on. */
public final class Elsewhere {
    private static final Map<String, Set<String>> KINDS = Map.of(
            "",
            Set.of(
                    "Pod",
                    "PodTemplate",
                    "ReplicationController",
                    "ServiceAccount",
                    "PersistentVolume",
                    "PersistentVolumeClaim",
                    "LimitRange",
                    "ResourceQuota",
                    "Node",
                    "Event",
                    "Endpoints"),
            "apps",
            Set.of("Deployment", "ReplicaSet", "StatefulSet", "DaemonSet", "ControllerRevision"),
            "batch",
            Set.of("Job", "CronJob"),
            "autoscaling",
            Set.of("HorizontalPodAutoscaler"),
            "policy",
            Set.of("PodDisruptionBudget", "PodSecurityPolicy"),
            "rbac.authorization.k8s.io",
            Set.of("Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding"),
            "storage.k8s.io",
            Set.of("StorageClass", "VolumeAttachment", "CSIDriver"),
            "scheduling.k8s.io",
            Set.of("PriorityClass"),
            "apiextensions.k8s.io",
            Set.of("CustomResourceDefinition"),
            "admissionregistration.k8s.io",
            Set.of("MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"));

    /** Those that say who may reach whom or from where: skipped like the others, but never without saying what is missing. */
    private static final Map<String, Missed> GUARDING = Map.of(
            "networking.k8s.io/NetworkPolicy",
            new Missed("it forbids nothing here", "write an AuthorizationPolicy that forbids the same"),
            "networking.k8s.io/Ingress",
            new Missed("it lets no caller in here", "publish a port of an instance with tulle run --publish"),
            "networking.k8s.io/IngressClass",
            new Missed("it lets no caller in here", "publish a port of an instance with tulle run --publish"));

    /** What a skipped document would have done in a cluster, and how it is done here. */
    public record Missed(String what, String instead) {}

    private Elsewhere() {}

    /** Whether a kind moves no traffic and can be skipped. */
    public static boolean has(String apiVersion, String kind) {
        return KINDS.getOrDefault(group(apiVersion), Set.of()).contains(kind);
    }

    /** What a person must know of a kind that would have let callers in or kept them out. */
    public static Optional<Missed> missed(String apiVersion, String kind) {
        return Optional.ofNullable(GUARDING.get(group(apiVersion) + "/" + kind));
    }

    private static String group(String apiVersion) {
        var slash = apiVersion.indexOf('/');
        return slash < 0 ? "" : apiVersion.substring(0, slash);
    }
}
