package io.tulle.agent.run;

import io.tulle.launch.capture.Doors;
import io.tulle.model.IpLiteral;
import io.tulle.proxy.Sidecar;
import io.tulle.proxy.plan.Destination;
import io.tulle.xds.spec.ActionSpec;
import io.tulle.xds.spec.ChainSpec;
import io.tulle.xds.spec.ClusterSpec;
import io.tulle.xds.spec.ListenerSpec;
import io.tulle.xds.spec.ResourceType;
import io.tulle.xds.spec.Snapshot;
import io.tulle.xds.spec.Spec;
import io.tulle.xds.spec.WireSpec;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The listeners that a run adds to what the control plane sends, in every snapshot: its own ports on loopback, for
 * processes of the run that dial the application directly (health checks), past policy; and for an application that is
 * caught by its environment a loopback door to each port of a destination that it names.
 */
final class LocalListeners implements Doors {
    private static final int PATIENCE_SECONDS = 5;
    private static final String NAME = "env|";
    private static final String OWN = "own|";
    private static final List<String> LOOPBACK = List.of("127.0.0.1", "::1");

    private final Sidecar sidecar;
    private final Map<String, ListenerSpec> wanted = new TreeMap<>(); // door name to the listener that it stands for
    private final Map<String, CompletableFuture<Void>> awaited = new HashMap<>(); // by canonical host
    private Snapshot latest = Snapshot.EMPTY;

    LocalListeners(Sidecar sidecar) {
        this.sidecar = sidecar;
    }

    /** The snapshot with the doors that were asked for; a destination that is gone takes its door along. */
    synchronized Snapshot with(Snapshot heard) {
        latest = heard;
        awaited.entrySet()
                .removeIf(each -> isTold(each.getKey()) && each.getValue().complete(null));
        var more = new ArrayList<Spec>();
        wanted.forEach((door, listener) -> Optional.ofNullable(
                        heard.ofType(ResourceType.LISTENER).get(listener.name()))
                .map(ListenerSpec.class::cast)
                .ifPresent(now ->
                        more.add(new ListenerSpec(door, new ListenerSpec.Place.Bound("127.0.0.1", 0), now.chains()))));
        heard.ofType(ResourceType.CLUSTER).values().forEach(spec -> {
            if (spec instanceof ClusterSpec cluster
                    && cluster.source() instanceof ClusterSpec.Source.Application(var port))
                more.add(own(port, cluster.name()));
        });
        return heard.with(more);
    }

    private static ListenerSpec own(int port, String cluster) {
        var wire = new WireSpec.Tcp(List.of(ActionSpec.Target.of(cluster)), List.of());
        return new ListenerSpec(
                OWN + port,
                new ListenerSpec.Place.Outbound(List.of("localhost"), LOOPBACK, port),
                List.of(new ChainSpec(OWN + port, port, List.of(), ChainSpec.PLAINTEXT, wire)));
    }

    /** Waits for a destination that is known by name alone, for as long as a control plane may take to answer. */
    @Override
    public Optional<InetSocketAddress> doorTo(String name, int port) {
        var dialled = new Destination.Outbound(name.toLowerCase(Locale.ROOT), port);
        var named = sidecar.plan().current().named(dialled);
        named.ifPresent(sidecar.uses()::begin); // a door is in use for as long as the run
        var found = named.isPresent() ? toldOf(named.get()) : CompletableFuture.<Void>completedFuture(null);
        try {
            found.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException _) {
            // What has not been told has no door: the address stays as it is, and that is said.
        }
        return open(dialled);
    }

    private synchronized CompletableFuture<Void> toldOf(String host) {
        return isTold(host)
                ? CompletableFuture.completedFuture(null)
                : awaited.computeIfAbsent(host, _ -> new CompletableFuture<>());
    }

    /** All that there is of it, where nothing is told on demand. */
    private boolean isTold(String host) {
        return latest.ofType(ResourceType.DESTINATION).containsKey(host)
                || latest.ofType(ResourceType.LISTENER).keySet().stream().anyMatch(name -> name.startsWith(host + ":"));
    }

    private synchronized Optional<InetSocketAddress> open(Destination.Outbound dialled) {
        return latest.all(ResourceType.LISTENER, ListenerSpec.class).values().stream()
                .filter(listener -> listener.narrowness(dialled.host(), dialled.port()) > 0)
                .max(Comparator.comparingInt(listener -> listener.narrowness(dialled.host(), dialled.port())))
                .filter(listener -> !goesWhereDialled(listener, dialled.host()))
                .flatMap(this::open);
    }

    /** A door has an address of its own: which one of many was dialled is not told by it. */
    private boolean goesWhereDialled(ListenerSpec listener, String host) {
        return IpLiteral.isAddress(host)
                && latest.all(ResourceType.CLUSTER, ClusterSpec.class).values().stream()
                        .filter(cluster -> listener.name().startsWith(cluster.host() + ":"))
                        .anyMatch(cluster -> cluster.source() instanceof ClusterSpec.Source.Dialled);
    }

    private Optional<InetSocketAddress> open(ListenerSpec listener) {
        var door = NAME + listener.name();
        wanted.put(door, listener);
        sidecar.apply(with(latest));
        return sidecar.boundAt(door).map(InetSocketAddress.class::cast);
    }
}
