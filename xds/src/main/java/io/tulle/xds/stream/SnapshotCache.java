package io.tulle.xds.stream;

import io.tulle.xds.layer.Bundle;
import io.tulle.xds.layer.Demand;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * What each node is to hear, and how far it is. Publishing the same content again is silence. Safe for use by many
 * threads; listeners are called on the thread that brought the news, outside of any lock.
 */
public final class SnapshotCache {
    private final Map<String, Entry> entries = new HashMap<>();
    private final List<Consumer<NodeStatus>> listeners = new CopyOnWriteArrayList<>();
    private final List<Consumer<String>> demands = new CopyOnWriteArrayList<>();

    /** What a node is to have now; its streams are woken where that is something else than before. */
    public void publish(String node, Bundle bundle) {
        List<Runnable> wake;
        synchronized (entries) {
            var entry = entries.computeIfAbsent(node, Entry::new);
            var same = entry.bundle.filter(bundle::saysTheSameAs).isPresent();
            entry.bundle = Optional.of(bundle);
            wake = same ? List.of() : List.copyOf(entry.watches);
        }
        wake.forEach(Runnable::run);
    }

    /** The node is gone for good: what was kept for it alone is let go. A stream of it hears nothing more. */
    public void forget(String node) {
        synchronized (entries) {
            var entry = entries.get(node);
            if (entry == null) return;
            entry.bundle = Optional.empty();
            if (entry.watches.isEmpty()) entries.remove(node);
        }
    }

    public Optional<NodeStatus> status(String node) {
        synchronized (entries) {
            return Optional.ofNullable(entries.get(node)).map(Entry::status);
        }
    }

    /** What a node asks for over its streams; what it asked for last when it has none. */
    public Demand demandOf(String node) {
        synchronized (entries) {
            return Optional.ofNullable(entries.get(node)).map(Entry::demand).orElse(Demand.NOTHING);
        }
    }

    /** Calls the listener with a node whose streams ask for something else than before. */
    public void listenToDemands(Consumer<String> listener) {
        demands.add(listener);
    }

    /** All nodes that have a snapshot or a stream, by id. */
    public SortedMap<String, NodeStatus> statuses() {
        synchronized (entries) {
            var all = new TreeMap<String, NodeStatus>();
            entries.forEach((node, entry) -> all.put(node, entry.status()));
            return Collections.unmodifiableSortedMap(all);
        }
    }

    /** Calls the listener whenever a node connects, leaves, or has answered for a version. */
    public void listen(Consumer<NodeStatus> listener) {
        listeners.add(listener);
    }

    /** The newest for a node, if anything has been published for it. */
    public Optional<Bundle> newest(String node) {
        synchronized (entries) {
            return Optional.ofNullable(entries.get(node)).flatMap(entry -> entry.bundle);
        }
    }

    /** A stream of the node begins: {@code wake} is called at each new bundle until it is closed. */
    public Watch watch(String node, Runnable wake) {
        NodeStatus status;
        synchronized (entries) {
            var entry = entries.computeIfAbsent(node, Entry::new);
            entry.watches.add(wake);
            status = entry.status();
        }
        tell(status);
        return new Watch(node, wake);
    }

    private void tell(NodeStatus status) {
        listeners.forEach(listener -> listener.accept(status));
    }

    /** One stream's place in the cache. */
    public final class Watch implements AutoCloseable {
        private final String node;
        private final Runnable wake;

        private Watch(String node, Runnable wake) {
            this.node = node;
            this.wake = wake;
        }

        /** What the stream's client asks for from now on. */
        public void asks(Demand demand) {
            synchronized (entries) {
                var entry = entries.computeIfAbsent(node, Entry::new);
                var before = entry.demand();
                entry.ask(wake, demand);
                if (before.equals(entry.demand())) return;
            }
            demands.forEach(listener -> listener.accept(node));
        }

        /** The stream's client has answered for all of a version. */
        public void settled(Settled settled) {
            NodeStatus status;
            synchronized (entries) {
                var entry = entries.computeIfAbsent(node, Entry::new);
                entry.settled = Optional.of(settled);
                status = entry.status();
            }
            tell(status);
        }

        @Override
        public void close() {
            NodeStatus status;
            synchronized (entries) {
                var entry = entries.get(node);
                if (entry == null || !entry.watches.remove(wake)) return;
                entry.asking.remove(wake);
                status = entry.status();
                if (entry.watches.isEmpty() && entry.bundle.isEmpty()) entries.remove(node);
            }
            tell(status);
        }
    }

    private static final class Entry {
        private final String node;
        private final List<Runnable> watches = new ArrayList<>();
        private Optional<Bundle> bundle = Optional.empty();
        private Optional<Settled> settled = Optional.empty();
        private final Map<Runnable, Demand> asking = new HashMap<>(); // by stream
        private Demand last = Demand.NOTHING;

        Entry(String node) {
            this.node = node;
        }

        void ask(Runnable stream, Demand demand) {
            asking.put(stream, demand);
            last = asking.values().stream().reduce(Demand::and).orElse(demand);
        }

        Demand demand() {
            return last;
        }

        NodeStatus status() {
            return new NodeStatus(
                    node,
                    bundle.map(Bundle::version),
                    settled.map(Settled::version),
                    settled.map(Settled::culprits).orElse(List.of()),
                    watches.size());
        }
    }
}
