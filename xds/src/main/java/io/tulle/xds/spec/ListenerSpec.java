package io.tulle.xds.spec;

import io.tulle.model.IpBlock;
import io.tulle.model.IpLiteral;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Where connections come in and which chain serves each. The first chain whose match holds is used; when none does, the
 * connection is closed and counted.
 *
 * @param tellsPolicies whether a denied caller is told which policy denied it; the log always is
 */
public record ListenerSpec(String name, Place place, List<ChainSpec> chains, boolean tellsPolicies) implements Spec {
    private static final int NAMED = 130; // more than one address, which has 128 bits

    public ListenerSpec {
        chains = List.copyOf(chains);
        if (place instanceof Place.Api
                && !(chains.size() == 1 && chains.getFirst().wire() instanceof WireSpec.Http))
            throw new IllegalArgumentException(name + " is for gRPC clients and has not one chain of HTTP");
    }

    /** One that keeps its policies' names to itself. */
    public ListenerSpec(String name, Place place, List<ChainSpec> chains) {
        this(name, place, chains, false);
    }

    /**
     * How narrowly a name or an address that is dialled means this listener: a name the most, then one address, then the
     * smaller of two blocks. 0 where it does not.
     */
    public int narrowness(String host, int port) {
        if (!(place instanceof Place.Outbound(var hosts, var addresses, var at)) || at != port) return 0;
        if (hosts.contains(host)) return NAMED;
        var dialled = IpLiteral.parse(host).map(IpBlock.Bits::of);
        return addresses.stream()
                .map(IpBlock::parse)
                .filter(block -> dialled.filter(block::contains).isPresent())
                .mapToInt(block -> block.length() + 1)
                .max()
                .orElse(0);
    }

    @Override
    public ResourceType type() {
        return ResourceType.LISTENER;
    }

    @Override
    public Set<Ref> references() {
        var all = new LinkedHashSet<Ref>();
        chains.forEach(chain -> all.addAll(chain.references()));
        return all;
    }

    /** Where a listener stands. */
    public sealed interface Place {
        /**
         * A service's port as the application dials it. Nothing is bound: the captured connection says whom it wants.
         *
         * @param hosts names that mean this service to this workload, lower-case (short names included)
         * @param addresses IP addresses that mean it (a virtual IP, an external address), and blocks of them; of several
         *     listeners the one with the narrowest is meant
         * @param port the port dialled
         */
        record Outbound(List<String> hosts, List<String> addresses, int port) implements Place {
            public Outbound {
                hosts = hosts.stream().sorted().distinct().toList();
                addresses = addresses.stream().sorted().distinct().toList();
                addresses.forEach(Place::requireBlock);
            }
        }

        /** This instance's one mesh port: peers come here over mutual TLS (15006 in a namespace of its own, else ephemeral). */
        record Inbound() implements Place {}

        /** A published door: a bound plaintext socket where callers outside the mesh come in, as anonymous peers. */
        record Door(String address, int port) implements Place {
            public Door {
                requireSocket(address, port);
            }
        }

        /**
         * No socket at all: what a gRPC client that is its own proxy (proxyless gRPC) asks for by {@code xds:///NAME}. Has
         * exactly one chain, of HTTP.
         */
        record Api() implements Place {}

        /** A bound socket of a proxy that runs alone from a file. */
        record Bound(String address, int port) implements Place {
            public Bound {
                requireSocket(address, port);
            }
        }

        private static void requireBlock(String address) {
            if (!IpLiteral.isBlock(address))
                throw new IllegalArgumentException("neither an IP address nor a block: '" + address + "'");
        }

        /** A name would have to be resolved before it is bound; port 0 is any free one. */
        private static void requireSocket(String address, int port) {
            if (!IpLiteral.isAddress(address))
                throw new IllegalArgumentException("not an IP address: '" + address + "'");
            if (port < 0 || port > 65535) throw new IllegalArgumentException("no such port: " + port);
        }
    }
}
