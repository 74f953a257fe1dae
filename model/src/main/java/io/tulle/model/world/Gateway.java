package io.tulle.model.world;

import io.tulle.model.ServiceName;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Doors for callers from outside the mesh (Gateway API's Gateway, Istio's Gateway).
 *
 * @param servedBy the gateways, as processes, that open them
 * @param created when the resource was made: of two listeners that cannot both be, the older one's is
 */
public record Gateway(ResourceRef source, ServedBy servedBy, List<Listener> listeners, Instant created) {
    public Gateway {
        listeners = List.copyOf(listeners);
    }

    /** Whether an instance, which is a gateway, opens its listeners. */
    public boolean isServedBy(Instance instance) {
        if (instance.node().kind() != ProxyNode.Kind.GATEWAY) return false;
        return switch (servedBy) {
            case ServedBy.Named(var name) -> instance.service().equals(name);
            case ServedBy.Labelled(var selector) ->
                selector.selects(instance.workload().proven());
        };
    }

    /** Which gateways open the listeners. */
    public sealed interface ServedBy {
        /** Those of one name (Gateway API: each Gateway has its own). */
        record Named(ServiceName name) implements ServedBy {}

        /** Those that carry labels, of any namespace (Istio). Only labels count that a gateway's credential covers. */
        record Labelled(Selector selector) implements ServedBy {}
    }

    /**
     * One door.
     *
     * @param name within its resource
     * @param port as it is declared; a gateway may open it under another number
     * @param hosts host names that callers mean, {@code *.example.com} for all below one; none for all
     * @param tls present for TLS that ends here
     * @param admits which routes may attach
     */
    public record Listener(
            String name, int port, Speech speech, List<String> hosts, Optional<Termination> tls, Admits admits) {
        public Listener {
            if (port < 1 || port > 65535) throw new IllegalArgumentException("no such port: " + port);
            hosts = hosts.stream().sorted().distinct().toList();
        }
    }

    /** What is spoken at a door, inside TLS where that ends there. */
    public enum Speech {
        HTTP,
        /** TLS that is forwarded as it is, by the name that its caller asks for. */
        TLS,
        TCP
    }

    /**
     * TLS that ends at the gateway.
     *
     * @param certificates Secrets with a certificate and its key
     * @param redirects whether there is no TLS and callers are led to where there is (Istio's {@code httpsRedirect})
     */
    public record Termination(List<SecretRef> certificates, Clients clients, boolean redirects) {
        public Termination {
            certificates = List.copyOf(certificates);
        }
    }

    /** What a caller must show. */
    public sealed interface Clients {
        /** Nothing. */
        record Anybody() implements Clients {}

        /**
         * A certificate that leads to roots.
         *
         * @param required whether nobody is let in without one
         */
        record Proven(List<SecretRef> roots, boolean required) implements Clients {
            public Proven {
                roots = List.copyOf(roots);
            }
        }
    }

    /**
     * Where a Secret, or a ConfigMap with roots, is.
     *
     * @param namespace empty for that of the gateway that needs it (Istio's {@code credentialName})
     */
    public record SecretRef(String kind, Optional<String> namespace, String name) {}

    /** Which routes may attach to a listener. */
    public record Admits(Namespaces namespaces, List<String> kinds) {
        public Admits {
            kinds = List.copyOf(kinds);
        }

        /**
         * Whether a route of a kind may.
         *
         * @param namespace of the route, with its labels
         * @param own the gateway's namespace
         */
        public boolean admits(String kind, String namespace, Map<String, String> labels, String own) {
            return kinds.contains(kind)
                    && switch (namespaces) {
                        case Namespaces.All() -> true;
                        case Namespaces.Same() -> namespace.equals(own);
                        case Namespaces.These(var names) -> names.contains(namespace);
                        case Namespaces.Carrying(var selector) -> selector.accepts(labels);
                    };
        }
    }

    /** Of which namespaces. */
    public sealed interface Namespaces {
        record All() implements Namespaces {}

        record Same() implements Namespaces {}

        /** By name. */
        record These(List<String> names) implements Namespaces {
            public These {
                names = List.copyOf(names);
            }
        }

        /** By the labels that a namespace carries. */
        record Carrying(LabelSelector selector) implements Namespaces {}
    }
}
