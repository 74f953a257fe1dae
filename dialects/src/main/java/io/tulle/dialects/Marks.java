package io.tulle.dialects;

import io.tulle.dialects.code.Codes;
import io.tulle.dialects.resource.Resource;
import io.tulle.model.Problem;
import io.tulle.model.world.MeshSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a resource's namespace, annotations and labels say beside its fields: Istio reads some of them, so none that would
 * change what the resource means is passed over in silence (istio/api, annotations and labels).
 *
 * @param enforced whether what the resource asks for is done, or would only be watched (istio.io/dry-run)
 */
record Marks(boolean enforced, List<Problem> problems) {
    private static final String DRY_RUN = "istio.io/dry-run";
    private static final String ISTIO_ROOT = "istio-system";

    /** Kinds that hold for the whole mesh when they stand in the root namespace. */
    private static final Set<String> MESH_WIDE =
            Set.of("AuthorizationPolicy", "PeerAuthentication", "DestinationRule", "Sidecar");

    /** What Go, in which Istio is written, reads as true and as false. */
    private static final Set<String> TRUE = Set.of("1", "t", "T", "TRUE", "true", "True");

    private static final Set<String> FALSE = Set.of("0", "f", "F", "FALSE", "false", "False");

    /** Marks of Istio's own that change nothing of what a resource means. */
    private static final Set<String> HARMLESS = Set.of(
            "galley.istio.io/analyze-suppress",
            "sidecar.istio.io/status",
            "service.istio.io/canonical-name",
            "service.istio.io/canonical-revision",
            "sidecar.istio.io/inject=true",
            "istio-injection=enabled",
            "networking.istio.io/exportTo=*");

    /** Marks that are acted on where they stand on this kind. */
    private static final Set<String> HEEDED = Set.of("Service networking.istio.io/exportTo");

    /** What a mark asks for, where a person should know more than that it is not done. */
    private static final Map<String, String> ASKS = Map.of(
            "istio.io/rev", "this resource holds here whatever revision it names: a mesh has one control plane",
            "sidecar.istio.io/inject", "whether a workload has a sidecar is said by how it is started",
            "istio-injection", "whether a workload has a sidecar is said by how it is started",
            "istio.io/use-waypoint", "there are no waypoints; policies are applied by sidecars");

    static Marks of(Resource resource, MeshSettings settings) {
        var problems = new ArrayList<Problem>();
        root(resource, settings, problems);
        var enforced = !isDryRun(resource, problems);
        var marks = new TreeMap<>(resource.metadata().labels());
        marks.putAll(resource.metadata().annotations());
        marks.forEach((key, value) -> {
            var known = HARMLESS.contains(key)
                    || HARMLESS.contains(key + "=" + value)
                    || HEEDED.contains(resource.kind() + " " + key);
            if (isOfIstio(key) && !known && !key.equals(DRY_RUN)) problems.add(unheeded(resource, key, value));
        });
        return new Marks(enforced, List.copyOf(problems));
    }

    private static void root(Resource resource, MeshSettings settings, List<Problem> problems) {
        if (settings.root().isPresent() || !resource.namespace().equals(ISTIO_ROOT)) return;
        if (!MESH_WIDE.contains(resource.kind())) return;
        problems.add(Codes.NOT_THE_ROOT
                .problem(resource.ref() + " is meant for the whole mesh, and " + ISTIO_ROOT
                        + " is an ordinary namespace of this one")
                .at(resource.place()));
    }

    private static boolean isDryRun(Resource resource, List<Problem> problems) {
        var said = resource.metadata().annotations().get(DRY_RUN);
        if (said == null || FALSE.contains(said)) return false;
        if (!TRUE.contains(said)) {
            problems.add(Codes.OUT_OF_RANGE
                    .problem(
                            resource.ref() + ": the annotation " + DRY_RUN + " cannot be '" + said + "'",
                            "write \"true\" or \"false\"")
                    .at(resource.place()));
            return false;
        }
        if (!resource.kind().equals("AuthorizationPolicy")) {
            problems.add(unheeded(resource, DRY_RUN, said));
            return false;
        }
        problems.add(Codes.DRY_RUN
                .warning(resource.ref()
                        + " is a dry run: it allows nothing and denies nothing, and what it would change is counted")
                .at(resource.place()));
        return true;
    }

    private static boolean isOfIstio(String key) {
        if (key.equals("istio-injection")) return true;
        var slash = key.indexOf('/');
        if (slash < 0) return false;
        var domain = key.substring(0, slash);
        return (domain.equals("istio.io") || domain.endsWith(".istio.io")) && !domain.endsWith("operator.istio.io");
    }

    private static Problem unheeded(Resource resource, String key, String value) {
        var more = ASKS.getOrDefault(key, "nothing of the resource is done otherwise because of it");
        return Codes.MARK_UNHEEDED
                .warning(resource.ref() + " is marked " + key + ": " + value + ", and " + more)
                .at(resource.place());
    }
}
