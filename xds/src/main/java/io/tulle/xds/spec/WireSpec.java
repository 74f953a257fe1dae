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

    /** HTTP/1.1, HTTP/2 (by ALPN or prior knowledge), gRPC, WebSocket, SSE. */
    record Http(String routes, List<Authorization> authorizations) implements WireSpec {
        public Http {
            authorizations = List.copyOf(authorizations);
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

    /** Bytes, forwarded as they are, server-first protocols too. */
    record Tcp(List<ActionSpec.Target> targets, List<Authorization> authorizations) implements WireSpec {
        public Tcp {
            targets = List.copyOf(targets);
            ActionSpec.Target.requireSum(targets);
            authorizations = List.copyOf(authorizations);
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
        public Set<Ref> references() {
            var all = new LinkedHashSet<>(http.references());
            all.addAll(tcp.references());
            return all;
        }
    }
}
