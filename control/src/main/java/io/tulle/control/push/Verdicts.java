package io.tulle.control.push;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tulle.compile.MeshCompiler;
import io.tulle.control.store.Batch;
import io.tulle.control.store.Change;
import io.tulle.control.store.Guard;
import io.tulle.control.store.Json;
import io.tulle.control.store.Query;
import io.tulle.control.store.Resource;
import io.tulle.control.store.ResourceKey;
import io.tulle.control.store.ResourceStore;
import io.tulle.control.store.StoreException;
import io.tulle.dialects.Kinds;
import io.tulle.model.Problem;
import io.tulle.model.world.ResourceRef;
import io.tulle.xds.Culprit;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What proxies refuse, and what they are not told of because none could carry it out, written into the status of the resources that it came from (a condition {@code Programmed}, as in
 * Gateway API), so that {@code kubectl get -o yaml} shows it. Status is written only when it says something new, and
 * makes no revision: no proxy is told anything because of it. Used by one thread.
 */
final class Verdicts {
    private static final String CONDITION = "Programmed";
    private static final int NAMED = 5;
    private static final Logger LOG = LoggerFactory.getLogger(Verdicts.class);

    private final ResourceStore store;
    private final InstantSource clock;
    private final Map<String, List<Culprit>> byNode = new HashMap<>();
    private final Map<ResourceRef, String> written = new HashMap<>();
    private SortedMap<ResourceRef, String> leftOut = new TreeMap<>();
    private boolean recalled;
    private boolean owed = true; // whether the store may not say yet what is to be said

    Verdicts(ResourceStore store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    /** A proxy has answered for all that it was sent. */
    void heard(String node, List<Culprit> culprits, MeshCompiler mesh) {
        var before = Optional.ofNullable(byNode.put(node, culprits)).orElse(List.of());
        if (!owed && culprits.equals(before)) return; // all of a large mesh say so again and again
        settle(mesh);
    }

    /** Resources that no proxy is told of as they are written. */
    void leftOut(SortedMap<ResourceRef, Problem> resources, MeshCompiler mesh) {
        var now = new TreeMap<ResourceRef, String>();
        resources.forEach((ref, why) -> now.put(ref, why.code() + " " + why.message()));
        if (now.equals(leftOut)) return;
        leftOut = now;
        settle(mesh);
    }

    void forget(String node, MeshCompiler mesh) {
        var had = byNode.remove(node);
        if (had != null && !had.isEmpty()) settle(mesh);
    }

    private void settle(MeshCompiler mesh) {
        try {
            recall();
            var now = messages(mesh);
            now.putAll(leftOut); // a proxy can only have refused what was said of it before
            var changes = new ArrayList<Change>();
            now.forEach((ref, message) -> {
                if (!message.equals(written.get(ref)))
                    change(ref, "False", message).ifPresent(changes::add);
            });
            written.keySet().stream()
                    .filter(ref -> !now.containsKey(ref))
                    .forEach(ref -> change(ref, "True", "no proxy refuses it").ifPresent(changes::add));
            if (!changes.isEmpty()) store.commit(Batch.of(changes));
            written.clear();
            written.putAll(now);
            owed = false;
        } catch (StoreException e) {
            owed = true;
            LOG.warn("what proxies refuse could not be written into the status of its resources", e);
        }
    }

    /** What an earlier life of this control plane wrote, once. */
    private void recall() {
        if (recalled) return;
        for (var resource : store.list(Query.everything()).resources()) {
            if (condition(resource)
                    .filter(c -> c.path("status").asText().equals("False"))
                    .isPresent()) {
                written.put(ref(resource.key()), "");
            }
        }
        recalled = true;
    }

    private SortedMap<ResourceRef, String> messages(MeshCompiler mesh) {
        var said = new TreeMap<ResourceRef, TreeMap<String, String>>();
        byNode.forEach((node, culprits) ->
                culprits.forEach(culprit -> mesh.originsOf(node, culprit.type(), culprit.name())
                        .forEach(ref -> said.computeIfAbsent(ref, _ -> new TreeMap<>())
                                .merge(
                                        node,
                                        culprit.code() + " " + culprit.reason(),
                                        (a, b) -> a.equals(b) ? a : a + "; " + b))));
        var messages = new TreeMap<ResourceRef, String>();
        said.forEach((ref, nodes) -> {
            var rest = nodes.size() - NAMED;
            messages.put(
                    ref,
                    nodes.entrySet().stream()
                                    .limit(NAMED)
                                    .map(e -> e.getKey() + ": " + e.getValue())
                                    .collect(Collectors.joining("; "))
                            + (rest > 0 ? "; and " + rest + " more" : ""));
        });
        return messages;
    }

    private Optional<Change> change(ResourceRef ref, String status, String message) {
        return key(ref).flatMap(store::find).map(resource -> {
            var document = resource.status().isEmpty() ? Json.object() : Json.own(resource.status());
            var before = condition(resource);
            var condition = Json.object();
            condition.put("type", CONDITION);
            condition.put("status", status);
            condition.put(
                    "reason",
                    status.equals("True") ? "Programmed" : leftOut.containsKey(ref) ? "LeftOut" : "RefusedByProxies");
            condition.put("message", message);
            condition.put("observedGeneration", resource.generation());
            var same = before.filter(b -> b.path("status").asText().equals(status));
            condition.put(
                    "lastTransitionTime",
                    same.map(b -> b.path("lastTransitionTime").asText())
                            .orElse(clock.instant()
                                    .truncatedTo(ChronoUnit.SECONDS)
                                    .toString()));
            var others = document.path("conditions");
            var all = document.putArray("conditions");
            others.forEach(other -> {
                if (!other.path("type").asText().equals(CONDITION)) all.add(other);
            });
            all.add(condition);
            return new Change.Report(resource.key(), Json.canonical(document), Guard.any());
        });
    }

    private static Optional<ObjectNode> condition(Resource resource) {
        if (resource.status().isEmpty()) return Optional.empty();
        for (var each : Json.own(resource.status()).path("conditions")) {
            if (each instanceof ObjectNode object
                    && object.path("type").asText().equals(CONDITION)) {
                return Optional.of(object);
            }
        }
        return Optional.empty();
    }

    private static ResourceRef ref(ResourceKey key) {
        return ResourceRef.of(key.group(), key.kind(), key.namespace(), key.name());
    }

    private static Optional<ResourceKey> key(ResourceRef ref) {
        return Kinds.all().stream()
                .filter(kind -> ResourceRef.of(kind.group(), kind.kind(), ref.namespace(), ref.name())
                        .equals(ref))
                .findFirst()
                .map(kind -> new ResourceKey(kind.group(), kind.kind(), ref.namespace(), ref.name()));
    }
}
