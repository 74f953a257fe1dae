package io.tulle.control.push;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How far each revision has come. A proxy is done with a revision when it has answered for the snapshot that the revision
 * gave it, or when the revision did not change its view. Thread-safe.
 */
public final class Rollout {
    private final Map<String, Node> nodes = new HashMap<>();
    private final Map<String, Answer> early =
            new HashMap<>(); // for what is not noted as sent yet: a proxy can be that quick
    private long compiled;

    private static final class Node {
        private String version = "";
        private boolean settled;
        private long since; // the revision that made what it was last sent
        private long upTo; // the last revision that this is still right for
        private long before; // the last revision that it had confirmed when it was sent this
        private List<String> culprits = List.of();
        private List<String> unsendable = List.of(); // why it was not sent the newest
        private long failedAt; // the revision of which that is
    }

    private record Answer(String version, List<String> culprits) {}

    /**
     * Where a revision stands.
     *
     * @param done proxies that hold it
     * @param waiting proxies that have not answered
     * @param rejected proxies that refused a part of it, with what they said
     * @param told how many proxies have been told anything new by it, or by a later one
     */
    public record Progress(
            long revision,
            List<String> done,
            List<String> waiting,
            SortedMap<String, List<String>> rejected,
            int told) {
        public boolean isComplete() {
            return waiting.isEmpty();
        }
    }

    /** A revision was compiled for every proxy there is. */
    synchronized void compiled(long revision) {
        compiled = Math.max(compiled, revision);
    }

    /** A proxy was sent something because it asked for more, which no revision changed. */
    synchronized void asked(String name, long revision, String version) {
        var known = Optional.ofNullable(nodes.get(name));
        var since = known.map(node -> node.since);
        sent(name, revision, version);
        known.ifPresent(node -> node.since = since.orElse(revision));
    }

    /** A proxy was sent something for a revision. */
    synchronized void sent(String name, long revision, String version) {
        var node = nodes.computeIfAbsent(name, _ -> new Node());
        node.unsendable = List.of();
        if (version.equals(node.version)) {
            node.upTo = revision;
            return;
        }
        if (node.settled) node.before = node.upTo;
        node.version = version;
        node.settled = false;
        node.since = revision;
        node.upTo = revision;
        node.culprits = List.of();
        var answer = early.remove(name);
        if (answer != null && answer.version().equals(version)) settle(node, answer);
    }

    /** A revision left what a proxy hears as it was. */
    synchronized void unchanged(String name, long revision) {
        var node = nodes.get(name);
        if (node == null) return;
        node.unsendable = List.of();
        node.upTo = Math.max(node.upTo, revision);
    }

    /** What a revision means for a proxy could not be made; it keeps what it has. */
    synchronized void unsendable(String name, long revision, String why) {
        var node = nodes.computeIfAbsent(name, _ -> new Node());
        node.unsendable = List.of(why);
        node.failedAt = revision;
    }

    /** A proxy has answered for everything of a version; culprits are what it refused. */
    public synchronized void settled(String name, String version, List<String> culprits) {
        var answer = new Answer(version, List.copyOf(culprits));
        var node = nodes.get(name);
        if (node == null || !node.version.equals(version)) early.put(name, answer);
        else settle(node, answer);
    }

    private static void settle(Node node, Answer answer) {
        node.settled = true;
        node.culprits = answer.culprits();
    }

    /** Why a proxy keeps what it has; empty when it was sent the newest. */
    public synchronized Optional<String> unsendable(String name) {
        return Optional.ofNullable(nodes.get(name))
                .flatMap(node -> node.unsendable.stream().findFirst());
    }

    synchronized void gone(String name) {
        nodes.remove(name);
        early.remove(name);
    }

    public synchronized Progress of(long revision) {
        var done = new ArrayList<String>();
        var waiting = new ArrayList<String>();
        var rejected = new TreeMap<String, List<String>>();
        nodes.forEach((name, node) -> {
            var reached = node.settled ? node.upTo : node.before;
            if (reached < revision && revision <= node.failedAt && !node.unsendable.isEmpty())
                rejected.put(name, node.unsendable);
            else if (reached < revision || compiled < revision) waiting.add(name);
            else if (node.settled && node.since <= revision && !node.culprits.isEmpty())
                rejected.put(name, node.culprits);
            else done.add(name);
        });
        if (compiled < revision && nodes.isEmpty()) waiting.add("the control plane");
        done.sort(null);
        waiting.sort(null);
        var told =
                nodes.values().stream().filter(node -> node.since >= revision).count();
        return new Progress(revision, done, waiting, rejected, Math.toIntExact(told));
    }
}
