package io.tulle.proxy;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.tulle.model.Protocol;
import io.tulle.model.SpiffeId;
import io.tulle.model.policy.Authorization;
import io.tulle.model.policy.ConnectionLimits;
import io.tulle.model.policy.DestinationPolicy;
import io.tulle.proxy.Fleet.TestIdentity;
import io.tulle.proxy.plan.Addresses;
import io.tulle.proxy.pool.ApplicationPorts;
import io.tulle.proxy.preface.LaunchSecret;
import io.tulle.proxy.preface.ProxyHeader;
import io.tulle.testkit.NestSocket;
import io.tulle.testkit.RawSocket;
import io.tulle.testkit.TestLeaf;
import io.tulle.testkit.TestPki;
import io.tulle.xds.spec.ChainSpec;
import io.tulle.xds.spec.ClusterSpec;
import io.tulle.xds.spec.EndpointSpec;
import io.tulle.xds.spec.ListenerSpec;
import io.tulle.xds.spec.RouteSpec;
import io.tulle.xds.spec.RouteTableSpec;
import io.tulle.xds.spec.Spec;
import io.tulle.xds.spec.TrustSpec;
import io.tulle.xds.spec.WireSpec;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Two sidecars, web's and cart's, with mutual TLS between them: web calls {@code cart:4000} at its outbound door. */
final class Pair {
    static final SpiffeId WEB = SpiffeId.of("tulle", "shop", "web");
    static final SpiffeId CART = SpiffeId.of("tulle", "shop", "cart");
    static final LaunchSecret SECRET = new LaunchSecret("5a".repeat(32));
    static final String SERVER_NAME = "4000.cart.shop.tulle";

    final TestPki pki = TestPki.create();
    final TestIdentity webIdentity = new TestIdentity(pki.leaf(WEB, "web-1"));
    final TestIdentity cartIdentity = new TestIdentity(pki.leaf(CART, "cart-1"));
    final Sidecar web;
    final Sidecar cart;
    private final Protocol protocol;

    /**
     * @param application where cart's application listens
     */
    Pair(Fleet fleet, int application) {
        this(fleet, application, Protocol.HTTP, ApplicationPorts.asDeclared());
    }

    Pair(Fleet fleet, int application, Protocol protocol, ApplicationPorts applications) {
        this.protocol = protocol;
        cart = fleet.sidecar(SidecarSettings.DEFAULT.withInbound(Addresses.loopback(0)), cartIdentity, applications);
        web = fleet.sidecar(
                SidecarSettings.DEFAULT.withOutbound(Addresses.loopback(0), SECRET),
                webIdentity,
                ApplicationPorts.asDeclared());
        if (!cart.start() || !web.start()) throw new AssertionError("not bound");
        Fleet.apply(cart, cartSpecs(application, List.of()));
        Fleet.apply(web, webSpecs(List.of(CART), RouteSpec.toCluster("all", "outbound")));
    }

    Spec[] cartSpecs(int application, List<Authorization> policies) {
        return cartSpecs(application, secure(policies));
    }

    /**
     * Takes plaintext too.
     *
     * @param others further ports that do
     */
    Spec[] permissiveCartSpecs(int application, int... others) {
        var chains = new ArrayList<>(List.of(secure(List.of()), plain(4000)));
        for (var other : others) chains.add(plain(other));
        return cartSpecs(application, chains.toArray(ChainSpec[]::new));
    }

    private ChainSpec plain(int port) {
        return new ChainSpec(port + "-plain", port, List.of(), ChainSpec.PLAINTEXT, wire(List.of()));
    }

    private ChainSpec secure(List<Authorization> policies) {
        return new ChainSpec("4000", 4000, List.of(SERVER_NAME), ChainSpec.MUTUAL_TLS, wire(policies));
    }

    private Spec[] cartSpecs(int application, ChainSpec... chains) {
        var listener = new ListenerSpec("inbound", new ListenerSpec.Place.Inbound(), List.of(chains));
        var cluster = cluster(
                "inbound", new ClusterSpec.Source.Application(application), new ClusterSpec.Security.Plaintext());
        var all = new ArrayList<Spec>(List.of(listener, cluster, trust()));
        if (protocol != Protocol.TCP) all.add(table(RouteSpec.toCluster("all", "inbound")));
        return all.toArray(Spec[]::new);
    }

    Spec[] webSpecs(List<SpiffeId> expected, RouteSpec... routes) {
        var chain = new ChainSpec("4000", 4000, List.of(), ChainSpec.PLAINTEXT, wire("outbound", List.of()));
        var place = new ListenerSpec.Place.Outbound(List.of("cart", "cart.shop.tulle"), List.of("10.9.9.9"), 4000);
        var listener = new ListenerSpec("outbound", place, List.of(chain));
        var endpoint = EndpointSpec.of("cart-1", "127.0.0.1", inbound().getPort());
        var cluster = cluster(
                "outbound",
                new ClusterSpec.Source.Fixed(List.of(endpoint)),
                new ClusterSpec.Security.MutualTls(SERVER_NAME, expected));
        var all = new ArrayList<Spec>(List.of(listener, cluster, trust()));
        if (protocol != Protocol.TCP) all.add(table(routes));
        return all.toArray(Spec[]::new);
    }

    /** Leads web's calls elsewhere, with less patience for connections. */
    Spec[] webSpecs(int port, Duration connectTimeout) {
        var few = ConnectionLimits.DEFAULT;
        var limits = new ConnectionLimits(
                few.connections(),
                few.pendingRequests(),
                few.requests(),
                few.retries(),
                few.requestsPerConnection(),
                connectTimeout,
                few.idleTimeout());
        var cluster = new ClusterSpec(
                "outbound",
                "cart.shop.tulle",
                new ClusterSpec.Source.Fixed(List.of(EndpointSpec.of("cart-1", "127.0.0.1", port))),
                protocol,
                new ClusterSpec.Security.MutualTls(SERVER_NAME, List.of(CART)),
                DestinationPolicy.NONE.with(limits));
        return Arrays.stream(webSpecs(List.of(CART), RouteSpec.toCluster("all", "outbound")))
                .map(spec -> spec instanceof ClusterSpec ? cluster : spec)
                .toArray(Spec[]::new);
    }

    /** What a peer must show to be taken for cart. */
    TestLeaf cartLeaf() {
        return pki.leaf(CART, "cart-1");
    }

    TrustSpec trust() {
        return new TrustSpec("ROOTCA", "tulle", List.of(pki.rootPem()));
    }

    private WireSpec wire(List<Authorization> policies) {
        return wire("inbound", policies);
    }

    private WireSpec wire(String cluster, List<Authorization> policies) {
        if (protocol == Protocol.NEST_TCP) return new WireSpec.NestTcp("routes", policies);
        return protocol == Protocol.TCP
                ? new WireSpec.Tcp(List.of(io.tulle.xds.spec.ActionSpec.Target.of(cluster)), policies)
                : new WireSpec.Http("routes", policies);
    }

    private static RouteTableSpec table(RouteSpec... routes) {
        return new RouteTableSpec("routes", List.of(routes));
    }

    private ClusterSpec cluster(String name, ClusterSpec.Source source, ClusterSpec.Security security) {
        return new ClusterSpec(name, "cart.shop.tulle", source, protocol, security, DestinationPolicy.NONE);
    }

    /** A second instance of cart, beside the first. */
    Sidecar another(Fleet fleet, int application) {
        var other = fleet.sidecar(
                SidecarSettings.DEFAULT.withInbound(Addresses.loopback(0)),
                new TestIdentity(pki.leaf(CART, "cart-2")),
                ApplicationPorts.asDeclared());
        if (!other.start()) throw new AssertionError("not bound");
        Fleet.apply(other, cartSpecs(application, List.of()));
        var at = (InetSocketAddress) other.inboundAddress().orElseThrow();
        var both = cluster(
                "outbound",
                new ClusterSpec.Source.Fixed(List.of(
                        EndpointSpec.of("cart-1", "127.0.0.1", inbound().getPort()),
                        EndpointSpec.of("cart-2", "127.0.0.1", at.getPort()))),
                new ClusterSpec.Security.MutualTls(SERVER_NAME, List.of(CART)));
        Fleet.apply(
                web,
                Arrays.stream(webSpecs(List.of(CART), RouteSpec.toCluster("all", "outbound")))
                        .map(spec -> spec instanceof ClusterSpec ? both : spec)
                        .toArray(Spec[]::new));
        return other;
    }

    InetSocketAddress inbound() {
        return (InetSocketAddress) cart.inboundAddress().orElseThrow();
    }

    /** Connects as web's application does through the hook. */
    RawSocket call() throws IOException {
        return call("cart", SECRET);
    }

    NestSocket callNest() throws IOException {
        return NestSocket.to(web.outboundAddress().orElseThrow()).raw(introduction("cart", SECRET));
    }

    RawSocket call(String name, LaunchSecret secret) throws IOException {
        return RawSocket.to(web.outboundAddress().orElseThrow()).send(introduction(name, secret));
    }

    private static byte[] introduction(String name, LaunchSecret secret) {
        var header = new ProxyHeader(
                Addresses.loopback(0), Addresses.of("240.0.0.1", 4000), Optional.of(name), Optional.of(secret));
        var bytes = header.write(UnpooledByteBufAllocator.DEFAULT);
        try {
            var text = new byte[bytes.readableBytes()];
            bytes.readBytes(text);
            return text;
        } finally {
            bytes.release();
        }
    }
}
