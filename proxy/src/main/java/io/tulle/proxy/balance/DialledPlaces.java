package io.tulle.proxy.balance;

import io.tulle.model.IpBlock;
import io.tulle.xds.spec.ClusterSpec;
import io.tulle.xds.spec.EndpointSpec;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * The endpoints of a cluster that goes to the very address that its caller dialled: one for each address, and the same one for as
 * long as it is in use, whatever plans come meanwhile. Safe from any event loop.
 */
public final class DialledPlaces {
    /** More addresses than this are not kept apart from those that nobody uses any more. */
    private static final int MOST = 1_000;

    private final String host;
    private final int port;
    private final Predicate<IpBlock.Bits> among;
    private final EndpointSet listed;
    private final Map<InetSocketAddress, Endpoint> met;

    private DialledPlaces(ClusterSpec.Source.Dialled source, EndpointSet listed, Map<InetSocketAddress, Endpoint> met) {
        this.host = source.host();
        this.port = source.port();
        this.among = IpBlock.anyOf(source.addresses());
        this.listed = listed;
        this.met = met;
    }

    /**
     * @param listed the endpoints of the cluster that are written one by one
     * @param before those of the same cluster in the plan before
     */
    public static DialledPlaces of(
            ClusterSpec.Source.Dialled source, EndpointSet listed, Optional<DialledPlaces> before) {
        return new DialledPlaces(source, listed, before.map(old -> old.met).orElseGet(ConcurrentHashMap::new));
    }

    /** The endpoint at an address; empty where the cluster does not go there. */
    public Optional<Endpoint> at(InetAddress dialled) {
        if (!among.test(IpBlock.Bits.of(dialled))) return Optional.empty();
        var address = dialled.getHostAddress();
        return listed.endpoints().stream()
                .filter(endpoint -> endpoint.spec().address().equals(address))
                .findFirst()
                .or(() -> Optional.of(met(new InetSocketAddress(dialled, port), address)));
    }

    private Endpoint met(InetSocketAddress place, String address) {
        var known = met.get(place);
        if (known != null) return known;
        if (met.size() >= MOST)
            met.values().removeIf(endpoint -> endpoint.state().active() == 0);
        return met.computeIfAbsent(place, _ -> new Endpoint(EndpointSpec.of(host, address, port), new EndpointState()));
    }
}
