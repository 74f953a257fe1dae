package io.tulle.proxy;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.tulle.model.Protocol;
import io.tulle.model.match.RequestMatch;
import io.tulle.model.policy.Authorization;
import io.tulle.model.policy.Balancing;
import io.tulle.model.policy.DestinationPolicy;
import io.tulle.model.policy.MirrorPolicy;
import io.tulle.model.policy.Percentage;
import io.tulle.model.policy.RoutePolicy;
import io.tulle.model.policy.Towards;
import io.tulle.proxy.Fleet.TestIdentity;
import io.tulle.proxy.plan.Addresses;
import io.tulle.proxy.pool.ApplicationPorts;
import io.tulle.testkit.TestPki;
import io.tulle.xds.spec.ActionSpec;
import io.tulle.xds.spec.ChainSpec;
import io.tulle.xds.spec.ClusterSpec;
import io.tulle.xds.spec.EndpointSpec;
import io.tulle.xds.spec.ListenerSpec;
import io.tulle.xds.spec.RouteSpec;
import io.tulle.xds.spec.TrustSpec;
import io.tulle.xds.spec.WireSpec;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A sidecar with a plaintext door, sidecars of cart behind mutual TLS, and gRPC all the way. */
final class GrpcMesh implements AutoCloseable {
    final Fleet fleet = new Fleet();
    final Sidecar web;
    final List<Sidecar> carts = new ArrayList<>();
    final ManagedChannel channel;
    private final TestPki pki = TestPki.create();

    /**
     * @param applications where the instances of cart listen
     */
    GrpcMesh(int... applications) {
        for (var port : applications) carts.add(cart(port));
        web = fleet.sidecar(
                SidecarSettings.DEFAULT, new TestIdentity(pki.leaf(Pair.WEB, "web-1")), ApplicationPorts.asDeclared());
        routeBy(RouteSpec.toCluster("all", "cart"));
        channel = NettyChannelBuilder.forAddress(Fleet.at(web)).usePlaintext().build();
    }

    private Sidecar cart(int application) {
        var leaf = pki.leaf(Pair.CART, "cart-" + carts.size());
        var settings = SidecarSettings.DEFAULT.withInbound(Addresses.loopback(0));
        var cart = fleet.sidecar(settings, new TestIdentity(leaf), ApplicationPorts.asDeclared());
        if (!cart.start()) throw new AssertionError("not bound");
        allow(cart, application, List.of());
        return cart;
    }

    void allow(Sidecar cart, int application, List<Authorization> policies) {
        var chain = new ChainSpec(
                "4000", 4000, List.of(Pair.SERVER_NAME), ChainSpec.MUTUAL_TLS, new WireSpec.Http("routes", policies));
        var source = new ClusterSpec.Source.Application(application);
        Fleet.apply(
                cart,
                new ListenerSpec("inbound", new ListenerSpec.Place.Inbound(), List.of(chain)),
                cluster("inbound", source, new ClusterSpec.Security.Plaintext()),
                Fleet.table(RouteSpec.toCluster("all", "inbound")),
                trust());
    }

    void routeBy(RouteSpec... routes) {
        var endpoints = new ArrayList<EndpointSpec>();
        for (var cart : carts) {
            var at = (InetSocketAddress) cart.inboundAddress().orElseThrow();
            endpoints.add(EndpointSpec.of("cart-" + endpoints.size(), "127.0.0.1", at.getPort()));
        }
        Fleet.apply(
                web,
                Fleet.door(Fleet.routed()),
                cluster(
                        "cart",
                        new ClusterSpec.Source.Fixed(endpoints),
                        new ClusterSpec.Security.MutualTls(Pair.SERVER_NAME, List.of(Pair.CART))),
                Fleet.table(routes),
                trust());
    }

    /** Everything goes to the first instance, and a copy of it to the second. */
    void mirrorToTheSecond() {
        var copied = new MirrorPolicy.Mirror(new Towards.Cluster("trial"), Percentage.ALL, true);
        var route = new RouteSpec(
                "all",
                List.of(RequestMatch.ANY),
                ActionSpec.Forward.to("cart"),
                RoutePolicy.set(Optional.of(new MirrorPolicy(List.of(copied)))));
        Fleet.apply(
                web,
                Fleet.door(Fleet.routed()),
                only("cart", carts.getFirst()),
                only("trial", carts.getLast()),
                Fleet.table(route),
                trust());
    }

    private static ClusterSpec only(String name, Sidecar cart) {
        var at = (InetSocketAddress) cart.inboundAddress().orElseThrow();
        return cluster(
                name,
                new ClusterSpec.Source.Fixed(List.of(EndpointSpec.of(name + "-0", "127.0.0.1", at.getPort()))),
                new ClusterSpec.Security.MutualTls(Pair.SERVER_NAME, List.of(Pair.CART)));
    }

    private TrustSpec trust() {
        return new TrustSpec("ROOTCA", "tulle", List.of(pki.rootPem()));
    }

    private static ClusterSpec cluster(String name, ClusterSpec.Source source, ClusterSpec.Security security) {
        return new ClusterSpec(
                name,
                "cart.shop.tulle",
                source,
                Protocol.GRPC,
                security,
                DestinationPolicy.NONE.with(Balancing.ROUND_ROBIN));
    }

    @Override
    public void close() throws InterruptedException {
        channel.shutdownNow().awaitTermination(20, TimeUnit.SECONDS);
        fleet.close();
    }
}
