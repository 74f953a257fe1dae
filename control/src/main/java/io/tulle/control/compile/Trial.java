package io.tulle.control.compile;

import io.tulle.model.Protocol;
import io.tulle.model.policy.Authorization;
import io.tulle.xds.codec.Codec;
import io.tulle.xds.codec.Decoded;
import io.tulle.xds.spec.ActionSpec;
import io.tulle.xds.spec.ChainSpec;
import io.tulle.xds.spec.ListenerSpec;
import io.tulle.xds.spec.Spec;
import io.tulle.xds.spec.WireSpec;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Whether a proxy could hear something: it is written down and read again, as on the wire, and whatever fails is a reason. */
final class Trial {
    private Trial() {}

    /** Why something cannot be made; empty when it can. */
    static Optional<String> failure(Runnable made) {
        try {
            made.run();
            return Optional.empty();
        } catch (RuntimeException | StackOverflowError e) {
            return Optional.of(Optional.ofNullable(e.getMessage()).orElse(e.toString()));
        }
    }

    /** @throws IllegalArgumentException with the reason why no proxy can use the bundle */
    static Bundle require(Bundle bundle, Optional<Bundle> proven) {
        var known = new HashSet<Spec>();
        proven.ifPresent(before -> known.addAll(specs(before)));
        var names = new HashSet<Spec.Ref>();
        for (var spec : specs(bundle)) {
            if (!names.add(new Spec.Ref(spec.type(), spec.name())))
                throw new IllegalArgumentException("it is there twice: " + spec.name());
            if (!known.contains(spec)) require(spec);
        }
        return bundle;
    }

    static void require(Authorization authorization) {
        var guards = List.of(authorization);
        var target = List.of(ActionSpec.Target.of("target"));
        var wire = new WireSpec.Detected(new WireSpec.Http("routes", guards), new WireSpec.Tcp(target, guards));
        var chain = new ChainSpec("chain", 1, List.of(), ChainSpec.Security.PLAINTEXT, wire);
        require(new ListenerSpec("listener", new ListenerSpec.Place.Inbound(), List.of(chain)));
    }

    private static void require(Spec spec) {
        var resource = Codec.encode(spec);
        if (Codec.decode(resource) instanceof Decoded.Rejected(var name, var code, var reason)) {
            throw new IllegalArgumentException(name + " " + reason + " (" + code + ")");
        }
    }

    /** All that a client hears of it. */
    static List<Spec> specs(Bundle bundle) {
        var all = new ArrayList<Spec>();
        for (var port : bundle.ports()) {
            var name = Names.listener(bundle.host(), port.number());
            var wire = port.protocol() == Protocol.TCP
                    ? new WireSpec.Tcp(port.connections(), List.of())
                    : new WireSpec.Detected(
                            new WireSpec.Http(port.routes().name(), List.of()),
                            new WireSpec.Tcp(port.connections(), List.of()));
            all.add(new ListenerSpec(
                    name,
                    new ListenerSpec.Place.Outbound(bundle.hosts(), bundle.addresses(), port.number()),
                    List.of(new ChainSpec(name, port.number(), List.of(), ChainSpec.Security.PLAINTEXT, wire))));
            all.add(port.routes());
            all.addAll(port.clusters());
            all.addAll(port.endpoints());
        }
        return all;
    }

    /** @throws IllegalArgumentException naming what the bundle leads to and nobody defines */
    static void requireNoGap(Bundle bundle, Set<Spec.Ref> defined) {
        for (var spec : specs(bundle)) {
            for (var ref : spec.references()) {
                if (!defined.contains(ref))
                    throw new IllegalArgumentException("it leads to " + ref.name() + ", which does not exist");
            }
        }
    }
}
