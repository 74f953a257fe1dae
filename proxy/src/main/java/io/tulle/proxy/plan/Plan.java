package io.tulle.proxy.plan;

import io.tulle.proxy.plan.Parts.Part;
import io.tulle.proxy.tls.Trust;
import io.tulle.xds.spec.ChainSpec;
import io.tulle.xds.spec.ListenerSpec;
import io.tulle.xds.spec.ResourceType;
import io.tulle.xds.spec.Snapshot;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/** All that a proxy does, at one moment. Immutable; an exchange keeps one to its end. */
public final class Plan {
    /** A proxy that has heard nothing yet. */
    public static final Plan EMPTY = new Plan(Snapshot.EMPTY, Parts.NONE, Ways.NONE, Names.NONE, Map.of(), Trust.NONE);

    private final Snapshot snapshot;
    private final Parts parts;
    private final Ways ways;
    private final Names names;
    private final Map<String, Cluster> clusters;
    private final Trust trust;

    private Plan(Snapshot snapshot, Parts parts, Ways ways, Names names, Map<String, Cluster> clusters, Trust trust) {
        this.snapshot = snapshot;
        this.parts = parts;
        this.ways = ways;
        this.names = names;
        this.clusters = clusters;
        this.trust = trust;
    }

    /** The next plan: what it is looked up in is made anew only where its parts are others. */
    Plan then(Snapshot inForce, Parts now, Ways nowWays, Names nowNames) {
        var sameClusters = now.clusters().equals(parts.clusters());
        var sameTrusts = now.trusts().equals(parts.trusts());
        return new Plan(
                inForce,
                now,
                nowWays,
                nowNames,
                sameClusters ? clusters : clusters(now),
                sameTrusts ? trust : trust(now));
    }

    private static Map<String, Cluster> clusters(Parts parts) {
        return parts.clusters().entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(
                        Map.Entry::getKey, each -> each.getValue().made()));
    }

    private static Trust trust(Parts parts) {
        return parts.trusts().values().stream().map(Part::made).reduce(Trust.NONE, Trust::and);
    }

    Parts parts() {
        return parts;
    }

    Ways ways() {
        return ways;
    }

    Names names() {
        return names;
    }

    public Snapshot snapshot() {
        return snapshot;
    }

    public Trust trust() {
        return trust;
    }

    public Map<String, Cluster> clusters() {
        return clusters;
    }

    public Optional<Cluster> cluster(String name) {
        return Optional.ofNullable(clusters.get(name));
    }

    /** The chain that serves a connection now; empty when nothing does any more, or yet. */
    public Optional<Chain> chain(Destination destination) {
        return switch (destination) {
            case Destination.Outbound out -> ways.meant(out).flatMap(this::first);
            case Destination.Bound(var listener, var serverName) -> bound(listener, serverName);
            case Destination.Inbound inbound -> inbound(inbound);
        };
    }

    /** The canonical host of what the application dialled, where it is known by name: more of it may have to be asked for. */
    public Optional<String> named(Destination destination) {
        return destination instanceof Destination.Outbound out ? names.meantBy(out) : Optional.empty();
    }

    /** Whether all of a destination has been told, or that it is nowhere, by its canonical host. */
    public boolean isTold(String host) {
        return snapshot.ofType(ResourceType.DESTINATION).containsKey(host);
    }

    /** What the mesh port does with a connection whose first byte begins no TLS handshake. */
    public enum Plaintext {
        REFUSED,
        TAKEN,
        /** Several ports take it, and without a server name (TLS's SNI) nothing tells which one is meant. */
        UNCLEAR
    }

    /**
     * Whether plaintext may come in at the mesh port.
     *
     * @param port the declared port that was dialled, where it is known
     */
    public Plaintext plaintextInbound(OptionalInt port) {
        var to = new Destination.Inbound("", false, port);
        var ports = ways.chains().getOrDefault(Ways.INBOUND, List.of()).stream()
                .filter(chain -> serves(chain.spec(), to))
                .mapToInt(chain -> chain.spec().port())
                .distinct()
                .count();
        if (ports == 0) return Plaintext.REFUSED;
        return ports == 1 ? Plaintext.TAKEN : Plaintext.UNCLEAR;
    }

    /**
     * Whether what came in plaintext could come over mutual TLS alone now: the port is served still, and not in plaintext.
     *
     * @param port as declared
     */
    public boolean isSecuredSince(Destination destination, int port) {
        return destination instanceof Destination.Inbound in
                && !in.secure()
                && chain(in).isEmpty()
                && ways.chains().getOrDefault(Ways.INBOUND, List.of()).stream()
                        .anyMatch(chain -> chain.spec().port() == port);
    }

    /** The listeners that stand on sockets of their own. */
    public List<ListenerSpec> listeners() {
        return snapshot.ofType(ResourceType.LISTENER).values().stream()
                .map(ListenerSpec.class::cast)
                .toList();
    }

    private Optional<Chain> first(String listener) {
        var found = ways.chains().get(listener);
        return found == null || found.isEmpty() ? Optional.empty() : Optional.of(found.getFirst());
    }

    /** Whether a bound socket begins with TLS. */
    public boolean isTls(String listener) {
        return first(listener).filter(chain -> chain.spec().security().isTls()).isPresent();
    }

    /** Of several chains the one with the most specific name: exact, then the longest {@code *.example.com}, then any. */
    private Optional<Chain> bound(String listener, Optional<String> serverName) {
        var best = Optional.<Chain>empty();
        var narrowest = -1;
        for (var chain : ways.chains().getOrDefault(listener, List.of())) {
            if (chain.spec().security().isTls() != serverName.isPresent()) continue;
            var narrow = serverName.map(chain.spec()::narrowness).orElse(0);
            if (narrow > narrowest) {
                narrowest = narrow;
                best = Optional.of(chain);
            }
        }
        return best;
    }

    private Optional<Chain> inbound(Destination.Inbound to) {
        for (var chain : ways.chains().getOrDefault(Ways.INBOUND, List.of())) {
            if (serves(chain.spec(), to)) return Optional.of(chain);
        }
        return Optional.empty();
    }

    private static boolean serves(ChainSpec chain, Destination.Inbound to) {
        var wanted = to.secure() ? ChainSpec.MUTUAL_TLS : ChainSpec.PLAINTEXT;
        if (!chain.security().equals(wanted)) return false;
        if (to.port().isPresent() && to.port().getAsInt() != chain.port()) return false;
        return !to.secure()
                || chain.serverNames().isEmpty()
                || chain.serverNames().contains(to.serverName());
    }
}
