package io.tulle.xds.spec;

import io.tulle.model.IpBlock;
import io.tulle.model.IpLiteral;
import io.tulle.model.Protocol;
import io.tulle.model.SpiffeId;
import io.tulle.model.policy.Balancing;
import io.tulle.model.policy.ClientTls;
import io.tulle.model.policy.ConnectionLimits;
import io.tulle.model.policy.DestinationPolicy;
import io.tulle.model.policy.OutlierPolicy;
import io.tulle.model.policy.PolicySet;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A group of endpoints that can serve the same requests. Names follow Istio: {@code outbound|4000|v1|cart.shop.tulle},
 * {@code inbound|4000||}.
 *
 * @param host the service's canonical host, for metrics; the cluster's name where there is none
 * @param protocol what the endpoints speak
 * @param policies always with a way of balancing and with limits, these with an idle timeout in any case: where none is said,
 *     that of what is at the other end; what is spoken to the endpoints is said by {@code security} alone, and what is hashed to
 *     choose among them by the routes that lead here
 */
public record ClusterSpec(
        String name,
        String host,
        Source source,
        Protocol protocol,
        Security security,
        PolicySet<DestinationPolicy> policies)
        implements Spec {
    public ClusterSpec {
        var limits = policies.of(ConnectionLimits.class).orElse(ConnectionLimits.DEFAULT);
        // Among addresses that were dialled nothing is chosen.
        var balances = policies.of(Balancing.class).isPresent() && !(source instanceof Source.Dialled);
        policies = balances
                ? policies.with(policies.of(Balancing.class)
                        .orElse(Balancing.LEAST_REQUEST)
                        .withoutKey())
                : policies.with(Balancing.LEAST_REQUEST);
        policies = policies.without(ClientTls.class)
                .with(limits.orIdle(
                        security instanceof Security.MutualTls
                                ? ConnectionLimits.SIDECAR_IDLE
                                : ConnectionLimits.APPLICATION_IDLE));
    }

    public Balancing balancing() {
        return policies.of(Balancing.class).orElse(Balancing.LEAST_REQUEST);
    }

    public ConnectionLimits limits() {
        return policies.of(ConnectionLimits.class).orElse(ConnectionLimits.DEFAULT);
    }

    public Optional<OutlierPolicy> outliers() {
        return policies.of(OutlierPolicy.class);
    }

    /** After how long an unused connection is closed; zero is never. */
    public Duration idleTimeout() {
        return limits().idleTimeout().orElse(ConnectionLimits.APPLICATION_IDLE);
    }

    @Override
    public ResourceType type() {
        return ResourceType.CLUSTER;
    }

    @Override
    public Set<Ref> references() {
        return source instanceof Source.Discovered ? Set.of(new Ref(ResourceType.ENDPOINTS, name)) : Set.of();
    }

    /** Where the endpoints come from. */
    public sealed interface Source {
        /** An {@link EndpointsSpec} of the same name. */
        record Discovered() implements Source {}

        /** The own application: wherever it really listens for this declared port. */
        record Application(int port) implements Source {}

        /** Written down: a proxy alone, or an external dependency. */
        record Fixed(List<EndpointSpec> endpoints) implements Source {
            public Fixed {
                endpoints = List.copyOf(endpoints);
            }
        }

        /** Names that DNS resolves, again every 5 s at most; each stands for all of its addresses. */
        record Resolved(List<EndpointSpec> names) implements Source {
            public Resolved {
                names = List.copyOf(names);
                if (names.isEmpty()) throw new IllegalArgumentException("no name to be resolved");
            }

            /** One name. */
            public Resolved(String host, int port) {
                this(List.of(EndpointSpec.of(host, host, port)));
            }
        }

        /**
         * The very address that the application dialled, where that is one of these (Envoy's ORIGINAL_DST). What was dialled by
         * name, or comes by another host's route, goes to any of the single addresses, and where there is none to what DNS says of
         * the name.
         *
         * @param port where it goes, whatever was dialled
         * @param addresses single ones and blocks
         */
        record Dialled(String host, int port, List<String> addresses) implements Source {
            public Dialled {
                addresses = addresses.stream().sorted().distinct().toList();
                addresses.forEach(IpBlock::parse);
            }

            /** Where it goes when no address of these was dialled. */
            public List<EndpointSpec> otherwise() {
                var single = addresses.stream().filter(IpLiteral::isAddress).toList();
                return (single.isEmpty() ? List.of(host) : single)
                        .stream()
                                .map(address -> EndpointSpec.of(host, address, port))
                                .toList();
            }
        }
    }

    /** How the endpoints are spoken to. */
    public sealed interface Security {
        record Plaintext() implements Security {}

        /**
         * TLS 1.3 with the own certificate; the endpoint must prove exactly one of these identities.
         *
         * @param serverName SNI, {@code 4000.cart.shop.tulle}
         */
        record MutualTls(String serverName, List<SpiffeId> identities) implements Security {
            public MutualTls {
                identities = identities.stream().sorted().distinct().toList();
            }
        }

        /**
         * TLS 1.2 or 1.3 to a server outside the mesh.
         *
         * @param serverName SNI
         * @param own the certificate to show, where there is one
         */
        record Tls(String serverName, Proof proof, Optional<ClientTls.KeyFiles> own) implements Security {
            public Tls {
                if (serverName.isEmpty()) throw new IllegalArgumentException("TLS to a server without a name");
            }
        }
    }

    /** How a server outside the mesh proves what it is. */
    public sealed interface Proof {
        /** Not at all. */
        record Unchecked() implements Proof {}

        /**
         * By a certificate that leads to a root.
         *
         * @param names of which it must have one: DNS names, IP addresses, URIs
         * @param roots a PEM file on the sidecar's host; empty for what that host trusts
         * @param revoked a PEM file with revocation lists, of which one must be of the certificate's issuer
         */
        record Checked(List<String> names, Optional<String> roots, Optional<String> revoked) implements Proof {
            /** Where Debian keeps what it trusts: an Envoy is told this file, since it has no word for "the system's". */
            public static final String SYSTEM = "/etc/ssl/certs/ca-certificates.crt";

            public Checked {
                names = names.stream().sorted().distinct().toList();
                if (names.isEmpty()) throw new IllegalArgumentException("a certificate that may have any name");
                roots = roots.filter(file -> !file.equals(SYSTEM));
            }
        }
    }
}
