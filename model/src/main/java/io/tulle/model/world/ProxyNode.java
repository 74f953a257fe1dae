package io.tulle.model.world;

import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/**
 * Who hears configuration. What is configured is the traffic of a {@link Workload}.
 *
 * @param id xDS's {@code node.id}
 * @param scope the namespace within whose view it hears of destinations
 * @param capabilities what it can do beyond xDS, and what kind of node it is
 */
public record ProxyNode(String id, String scope, Set<String> capabilities) {
    /** Says that a node reads Nest TCP message by message. */
    public static final String NEST_TCP = "nest-tcp";

    private static final String PROXYLESS = "proxyless-grpc";

    /** Says that a node has no application: it opens doors to callers from outside. */
    public static final String GATEWAY = "gateway";

    public ProxyNode {
        capabilities = Collections.unmodifiableSortedSet(new TreeSet<>(capabilities));
    }

    /** What kind of node it is. */
    public enum Kind {
        /** A proxy beside the application: ours, or an Envoy. */
        SIDECAR,
        /** A proxy without an application, at the edge of the mesh. */
        GATEWAY,
        /** A gRPC client that takes xDS itself: each listener is one to dial by name. */
        PROXYLESS
    }

    public Kind kind() {
        if (capabilities.contains(PROXYLESS)) return Kind.PROXYLESS;
        return capabilities.contains(GATEWAY) ? Kind.GATEWAY : Kind.SIDECAR;
    }

    /** Whether it reads Nest TCP message by message; all others take it as bytes. */
    public boolean readsMessages() {
        return capabilities.contains(NEST_TCP);
    }
}
