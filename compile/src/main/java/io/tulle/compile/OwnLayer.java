package io.tulle.compile;

import io.tulle.model.policy.Balancing;
import io.tulle.model.policy.DestinationPolicy;
import io.tulle.model.policy.PeerTls;
import io.tulle.xds.layer.Shelf;
import io.tulle.xds.spec.ActionSpec.Target;
import io.tulle.xds.spec.ChainSpec;
import io.tulle.xds.spec.ClusterSpec;
import io.tulle.xds.spec.ListenerSpec;
import io.tulle.xds.spec.ResourceType;
import io.tulle.xds.spec.RouteSpec;
import io.tulle.xds.spec.RouteTableSpec;
import io.tulle.xds.spec.Spec;
import io.tulle.xds.spec.WireSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What one node hears of its own side: its mesh port, its doors and its application, guarded by the policies that select it. */
final class OwnLayer {
    private final Self self;
    private final boolean tellsPolicies;
    private final List<Spec> doors;
    private final List<Spec> specs;
    private final Set<String> leadsTo;
    private final Shelf shelf;

    private OwnLayer(Self self, boolean tellsPolicies, List<Spec> doors) {
        this.self = self;
        this.tellsPolicies = tellsPolicies;
        this.doors = List.copyOf(doors);
        var all = new ArrayList<>(self.capability() == Capability.PROXYLESS ? List.<Spec>of() : inbound());
        all.addAll(doors);
        this.specs = List.copyOf(all);
        this.leadsTo = doors.stream()
                .flatMap(spec -> spec.references().stream())
                .filter(ref -> ref.type() == ResourceType.CLUSTER && !ref.name().equals(Nowhere.NAME))
                .map(ref -> Names.host(ref.name()))
                .collect(Collectors.toUnmodifiableSet());
        this.shelf =
                Shelf.of(specs.stream().map(spec -> Encoded.of(spec).resource()).toList());
    }

    /**
     * Compiles it, unless it is as it was.
     *
     * @param tellsPolicies whether its denied callers are told which policy denied them
     * @param doors of a gateway to callers from outside, and what they are made of
     */
    static OwnLayer of(Self self, boolean tellsPolicies, List<Spec> doors, Optional<OwnLayer> before) {
        return before.filter(
                        own -> own.tellsPolicies == tellsPolicies && own.self.equals(self) && own.doors.equals(doors))
                .orElseGet(() -> new OwnLayer(self, tellsPolicies, doors));
    }

    /** Destinations that it must know of, whoever asks: a gateway's routes lead there. */
    Set<String> leadsTo() {
        return leadsTo;
    }

    List<Spec> specs() {
        return specs;
    }

    Shelf shelf() {
        return shelf;
    }

    private List<Spec> inbound() {
        var all = new ArrayList<Spec>();
        var chains = new ArrayList<ChainSpec>();
        for (var port : self.ports()) {
            all.addAll(application(port));
            var name = Names.inbound(port.port());
            var wire = wireTo(port);
            // A chain without a name would take every name: where no service leads to the port there is none.
            if (port.peers() != PeerTls.DISABLE && !port.serverNames().isEmpty()) {
                chains.add(new ChainSpec(name, port.port(), port.serverNames(), ChainSpec.MUTUAL_TLS, wire));
            }
            if (port.peers() != PeerTls.STRICT) {
                chains.add(new ChainSpec(name + "plaintext", port.port(), List.of(), ChainSpec.PLAINTEXT, wire));
            }
        }
        all.add(new ListenerSpec(Names.INBOUND, new ListenerSpec.Place.Inbound(), chains, tellsPolicies));
        for (var door : self.doors()) {
            self.ports().stream()
                    .filter(port -> port.port() == door.port())
                    .forEach(port -> all.add(new ListenerSpec(
                            Names.door(door.port()),
                            new ListenerSpec.Place.Door(door.address(), door.bound()),
                            List.of(new ChainSpec(
                                    Names.door(door.port()),
                                    door.port(),
                                    List.of(),
                                    ChainSpec.PLAINTEXT,
                                    wireTo(port))),
                            tellsPolicies)));
        }
        return all;
    }

    private WireSpec wireTo(Self.Inbound port) {
        var name = Names.inbound(port.port());
        return Wire.of(port.protocol(), self.capability(), name, List.of(Target.of(name)), self.authorizations());
    }

    private List<Spec> application(Self.Inbound port) {
        var name = Names.inbound(port.port());
        var cluster = new ClusterSpec(
                name,
                self.service().host(),
                new ClusterSpec.Source.Application(port.port()),
                port.protocol(),
                new ClusterSpec.Security.Plaintext(),
                DestinationPolicy.NONE.with(Balancing.ROUND_ROBIN));
        if (!port.protocol().isRouted()) return List.of(cluster);
        return List.of(cluster, new RouteTableSpec(name, List.of(RouteSpec.toCluster("default", name))));
    }
}
