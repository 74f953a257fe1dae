package io.tulle.control.compile;

import io.tulle.model.Protocol;
import io.tulle.model.policy.Authorization;
import io.tulle.model.policy.Balancing;
import io.tulle.model.policy.ConnectionLimits;
import io.tulle.model.policy.PeerTls;
import io.tulle.xds.spec.ActionSpec.Target;
import io.tulle.xds.spec.ChainSpec;
import io.tulle.xds.spec.ClusterSpec;
import io.tulle.xds.spec.ListenerSpec;
import io.tulle.xds.spec.RouteSpec;
import io.tulle.xds.spec.RouteTableSpec;
import io.tulle.xds.spec.Snapshot;
import io.tulle.xds.spec.Spec;
import io.tulle.xds.spec.WireSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What one proxy hears, from its view alone. Pure, so that the same view always gives the same snapshot. */
final class SnapshotCompiler {
    /** The capability of proxies that read Nest TCP message by message; others get its bytes. */
    static final String NEST_TCP = "nest-tcp";

    /** The capability of gRPC clients that take xDS themselves and need no proxy: each listener is one to dial by name. */
    static final String PROXYLESS = "proxyless-grpc";

    private final View view;
    private final List<Spec> specs = new ArrayList<>();

    private SnapshotCompiler(View view) {
        this.view = view;
    }

    static Snapshot compile(View view) {
        var compiler = new SnapshotCompiler(view);
        if (view.self().capabilities().contains(PROXYLESS)) {
            view.destinations().forEach(compiler::dialled);
        } else {
            view.destinations().forEach(compiler::outbound);
            compiler.inbound();
        }
        compiler.specs.add(Nowhere.CLUSTER);
        compiler.specs.add(view.trust());
        compiler.specs.addAll(view.peers());
        return Snapshot.of(compiler.specs);
    }

    private void outbound(Bundle bundle) {
        var hosts = bundle.service()
                .map(name -> Names.hosts(name, view.namespace()))
                .orElse(bundle.hosts());
        for (var port : bundle.ports()) {
            var name = Names.listener(bundle.host(), port.number());
            var wire = wire(port.protocol(), port.routes().name(), port.connections(), List.of());
            specs.add(new ListenerSpec(
                    name,
                    new ListenerSpec.Place.Outbound(hosts, bundle.addresses(), port.number()),
                    List.of(new ChainSpec(name, port.number(), List.of(), ChainSpec.Security.PLAINTEXT, wire))));
            if (port.protocol().isRouted()) specs.add(port.routes());
            specs.addAll(port.clusters());
            specs.addAll(port.endpoints());
        }
    }

    /** For a gRPC client: {@code xds:///payment.shop.tulle:5000}, or the same by a shorter name. */
    private void dialled(Bundle bundle) {
        var hosts = bundle.service()
                .map(name -> Names.hosts(name, view.namespace()))
                .orElse(bundle.hosts());
        for (var port : bundle.ports()) {
            // A route of another host may lead here, whether or not this port can be dialled itself.
            specs.addAll(port.clusters());
            specs.addAll(port.endpoints());
            if (!port.protocol().isRouted() || port.protocol() == Protocol.NEST_TCP) continue;
            for (var host : hosts) {
                var name = Names.listener(host, port.number());
                var wire = new WireSpec.Http(port.routes().name(), List.of());
                specs.add(new ListenerSpec(
                        name,
                        new ListenerSpec.Place.Api(),
                        List.of(new ChainSpec(name, port.number(), List.of(), ChainSpec.Security.PLAINTEXT, wire))));
            }
            specs.add(port.routes());
        }
    }

    private void inbound() {
        var chains = new ArrayList<ChainSpec>();
        for (var port : view.self().ports()) {
            application(port);
            var name = Names.inbound(port.port());
            var wire = wireTo(port);
            // A chain without a name would take every name: where no service leads to the port there is none.
            if (port.peers() != PeerTls.DISABLE && !port.serverNames().isEmpty()) {
                chains.add(new ChainSpec(name, port.port(), port.serverNames(), ChainSpec.Security.MUTUAL_TLS, wire));
            }
            if (port.peers() != PeerTls.STRICT) {
                chains.add(
                        new ChainSpec(name + "plaintext", port.port(), List.of(), ChainSpec.Security.PLAINTEXT, wire));
            }
        }
        specs.add(new ListenerSpec(Names.INBOUND, new ListenerSpec.Place.Inbound(), chains, view.tellsPolicies()));
        for (var door : view.self().doors()) {
            view.self().ports().stream()
                    .filter(port -> port.port() == door.port())
                    .forEach(port -> specs.add(new ListenerSpec(
                            Names.door(door.port()),
                            new ListenerSpec.Place.Door(door.address(), door.bound()),
                            List.of(new ChainSpec(
                                    Names.door(door.port()),
                                    door.port(),
                                    List.of(),
                                    ChainSpec.Security.PLAINTEXT,
                                    wireTo(port))),
                            view.tellsPolicies())));
        }
    }

    private WireSpec wireTo(Self.Inbound port) {
        var name = Names.inbound(port.port());
        return wire(port.protocol(), name, List.of(Target.of(name)), view.self().authorizations());
    }

    private void application(Self.Inbound port) {
        var name = Names.inbound(port.port());
        specs.add(new ClusterSpec(
                name,
                view.self().service().host(),
                new ClusterSpec.Source.Application(port.port()),
                port.protocol(),
                new ClusterSpec.Security.Plaintext(),
                Balancing.ROUND_ROBIN,
                ConnectionLimits.DEFAULT,
                Optional.empty()));
        if (port.protocol().isRouted()) {
            specs.add(new RouteTableSpec(name, List.of(RouteSpec.toCluster("default", name))));
        }
    }

    private WireSpec wire(Protocol protocol, String routes, List<Target> connections, List<Authorization> guards) {
        return switch (protocol) {
            case HTTP, HTTP2, GRPC -> new WireSpec.Http(routes, guards);
            case NEST_TCP ->
                view.self().capabilities().contains(NEST_TCP)
                        ? new WireSpec.NestTcp(routes, guards)
                        : new WireSpec.Tcp(connections, guards);
            case TCP -> new WireSpec.Tcp(connections, guards);
            case UNDECLARED ->
                new WireSpec.Detected(new WireSpec.Http(routes, guards), new WireSpec.Tcp(connections, guards));
        };
    }
}
