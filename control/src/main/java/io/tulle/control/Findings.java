package io.tulle.control;

import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.server.ServerBuilder;
import io.tulle.compile.Members;
import io.tulle.control.identity.CertificateAuthority;
import io.tulle.control.push.Mesh;
import io.tulle.control.registry.Registry;
import io.tulle.control.registry.Tenancy;
import io.tulle.dialects.Checks;
import io.tulle.dialects.PortChecks;
import io.tulle.dialects.reader.Json;
import io.tulle.dialects.reader.Node;
import io.tulle.model.Problem;
import io.tulle.model.policy.PeerTls;
import io.tulle.model.world.Fleet;
import io.tulle.model.world.Instance;
import io.tulle.model.world.ResourceRef;
import io.tulle.model.world.Selector;
import io.tulle.model.world.World;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** What is wrong with the mesh, or soon will be: {@code GET /mesh/findings}, for {@code tulle check}. */
record Findings(Supplier<Mesh> mesh, Registry registry, InstancePages proxies, Setting setting) {
    private static final Duration SOON = Duration.ofDays(30);

    /** What does not change while the control plane runs. */
    record Setting(CertificateAuthority authority, String version, Clock clock) {}

    void mount(ServerBuilder builder) {
        builder.service("/mesh/findings", (_, _) -> HttpResponse.of(MediaType.JSON, Json.compact(document())));
    }

    private Node document() {
        return Node.mapOf(
                Map.of("items", Node.listOf(all().stream().map(Findings::item).toList())));
    }

    private static Node item(Problem problem) {
        return Node.mapOfTexts(
                new TreeMap<>(Map.of("code", problem.code(), "message", problem.message(), "fix", problem.fix())));
    }

    private List<Problem> all() {
        var world = mesh.get().world();
        var fleet = mesh.get().fleet();
        var found = new ArrayList<>(mesh.get().problems());
        var announced = Announced.by(fleet.instances());
        var declared = mesh.get().declared().now().resources().values();
        found.addAll(Checks.run(world, declared, announced.services()));
        found.addAll(PortChecks.run(world, declared, announced.ports()));
        selectors(world, fleet, found);
        unserved(world, fleet, found);
        found.addAll(EmptySubsets.of(world, fleet));
        registry.tenancies().forEach(tenancy -> instance(tenancy, found));
        plaintext(world, found);
        roots(found);
        return found.stream().distinct().toList();
    }

    private static void selectors(World world, Fleet fleet, List<Problem> found) {
        world.accessPolicies().forEach(policy -> selector(policy.source(), policy.selector(), world, fleet, found));
        world.peerPolicies().forEach(policy -> selector(policy.source(), policy.selector(), world, fleet, found));
    }

    private static void selector(ResourceRef source, Selector selector, World world, Fleet fleet, List<Problem> found) {
        var everywhere = source.namespace().equals(world.settings().rootNamespace());
        var selects = fleet.instances().values().stream()
                .filter(one ->
                        everywhere || source.namespace().equals(one.service().namespace()))
                .anyMatch(one -> selector.selects(one.workload().selectable()));
        if (selects || (selector.isEmpty() && everywhere)) return;
        found.add(ControlCode.SELECTS_NOTHING.warning(
                source + " selects no running instance", "mend its selector or namespace; tulle ps shows who runs"));
    }

    private static void unserved(World world, Fleet fleet, List<Problem> found) {
        for (var service : world.services().values()) {
            var served = fleet.instances().values().stream().anyMatch(one -> Members.has(service, one.workload()));
            if (served) continue;
            found.add(ControlCode.NOBODY_RUNS.warning(
                    "no instance of " + service.name() + " is running",
                    "start one with tulle run --service " + service.name().name()));
        }
    }

    private void instance(Tenancy tenancy, List<Problem> found) {
        var id = tenancy.instance().id();
        if (tenancy.instance().liveness() == Instance.Liveness.SUSPECT) {
            found.add(ControlCode.SUSPECT.warning(id + " is not heard any more", "look at its tulle run"));
        }
        var serving = tenancy.instance().workload().serving();
        if (serving.isUnwell()) {
            found.add(ControlCode.UNWELL.warning(
                    id + " listens, and its health check does not pass", "look at what its tulle run prints"));
        } else if (!serving.closed().isEmpty()) {
            found.add(ControlCode.NOT_LISTENING.warning(
                    id + " exposes " + listed(serving.closed()) + " and its application does not listen there"
                            + (serving.elsewhere().isEmpty() ? "" : "; it listens on " + listed(serving.elsewhere())),
                    "expose the port that it listens on, or let it listen on the exposed one"));
        }
        var sync = proxies.sync(id);
        if (!sync.equals("in sync")) {
            found.add(ControlCode.OUT_OF_SYNC.warning("the proxy of " + id + " is " + sync, "look at its log"));
        }
        if (!tenancy.software().equals(setting.version())) {
            found.add(ControlCode.OTHER_VERSION.warning(
                    id + " runs Tulle " + tenancy.software() + ", the control plane " + setting.version(),
                    "start it again with " + setting.version()));
        }
    }

    private static String listed(Collection<Integer> ports) {
        return ports.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }

    private static void plaintext(World world, List<Problem> found) {
        for (var policy : world.peerPolicies()) {
            policy.mode()
                    .filter(mode -> mode != PeerTls.STRICT)
                    .ifPresent(mode -> found.add(admitted(policy.source() + " says " + mode)));
            policy.ports().forEach((port, mode) -> {
                if (mode != PeerTls.STRICT)
                    found.add(admitted(policy.source() + " says " + mode + " for port " + port));
            });
        }
    }

    private static Problem admitted(String said) {
        return ControlCode.PLAINTEXT_ADMITTED.warning(
                said + ": callers without a certificate come in", "set STRICT once every caller is in the mesh");
    }

    private void roots(List<Problem> found) {
        for (var root : setting.authority().roots()) {
            var end = root.getNotAfter().toInstant();
            if (Duration.between(setting.clock().instant(), end).compareTo(SOON) < 0) {
                found.add(ControlCode.ROOT_EXPIRES.warning(
                        "the root " + root.getSubjectX500Principal() + " ends at " + end,
                        "put a new one into the authority's folder before then"));
            }
        }
    }
}
