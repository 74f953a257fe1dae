package io.tulle.xds.spec;

import io.tulle.model.policy.Authorization;
import io.tulle.xds.spec.Spec.Ref;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What is spoken inside a connection, and what decides where it goes. */
public sealed interface WireSpec {
    /** Policies to ask before anything is forwarded; empty lets all pass. */
    List<Authorization> authorizations();

    Set<Ref> references();

    /** The same, where plain connections are told apart by their caller's address. */
    default WireSpec bySource() {
        return this;
    }

    /** The same, where a route may know its callers' sessions again. */
    default WireSpec withSessions() {
        return this;
    }

    /**
     * HTTP/1.1, HTTP/2 (by ALPN or prior knowledge), gRPC, WebSocket, SSE.
     *
     * @param sessions whether a route may ask for a {@link io.tulle.model.policy.SessionPolicy}
     */
    record Http(String routes, List<Authorization> authorizations, boolean sessions) implements WireSpec {
        public Http {
            authorizations = List.copyOf(authorizations);
        }

        /** Where every request stands for itself. */
        public Http(String routes, List<Authorization> authorizations) {
            this(routes, authorizations, false);
        }

        @Override
        public WireSpec withSessions() {
            return new Http(routes, authorizations, true);
        }

        @Override
        public Set<Ref> references() {
            return Set.of(new Ref(ResourceType.ROUTES, routes));
        }
    }

    /** Nest TCP, message by message; the canonical pattern counts as the path. */
    record NestTcp(String routes, List<Authorization> authorizations) implements WireSpec {
        public NestTcp {
            authorizations = List.copyOf(authorizations);
        }

        @Override
        public Set<Ref> references() {
            return Set.of(new Ref(ResourceType.ROUTES, routes));
        }
    }

    /**
     * Bytes, forwarded as they are, server-first protocols too.
     *
     * @param hashesSource whether the caller's address is what a cluster chooses by that chooses by a hash
     */
    record Tcp(List<ActionSpec.Target> targets, List<Authorization> authorizations, boolean hashesSource)
            implements WireSpec {
        public Tcp {
            targets = List.copyOf(targets);
            ActionSpec.Target.requireSum(targets);
            authorizations = List.copyOf(authorizations);
        }

        /** Without anything to hash. */
        public Tcp(List<ActionSpec.Target> targets, List<Authorization> authorizations) {
            this(targets, authorizations, false);
        }

        @Override
        public WireSpec bySource() {
            return new Tcp(targets, authorizations, true);
        }

        @Override
        public Set<Ref> references() {
            var all = new LinkedHashSet<Ref>();
            targets.forEach(target -> all.add(new Ref(ResourceType.CLUSTER, target.cluster())));
            return all;
        }
    }

    /** A port declared without a protocol: the first bytes decide between the two. */
    record Detected(Http http, Tcp tcp) implements WireSpec {
        @Override
        public List<Authorization> authorizations() {
            return tcp.authorizations();
        }

        @Override
        public WireSpec bySource() {
            return new Detected(http, new Tcp(tcp.targets(), tcp.authorizations(), true));
        }

        @Override
        public WireSpec withSessions() {
            return new Detected(new Http(http.routes(), http.authorizations(), true), tcp);
        }

        @Override
        public Set<Ref> references() {
            var all = new LinkedHashSet<>(http.references());
            all.addAll(tcp.references());
            return all;
        }
    }
}
