package io.tulle.compile;

import io.tulle.model.Protocol;
import io.tulle.xds.codec.Resource;
import io.tulle.xds.spec.ChainSpec;
import io.tulle.xds.spec.DestinationSpec;
import io.tulle.xds.spec.ListenerSpec;
import io.tulle.xds.spec.Spec;
import io.tulle.xds.spec.WireSpec;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What clients hear of one destination: a bundle, and every resource of it encoded once, for clients of its own namespace and others,
 * and for each capability. Immutable, shared by all who hear it and compared by identity: a layer that a change leaves equal stays
 * the object that it was.
 */
final class DestinationLayer {
    private final Bundle bundle;
    private final Map<Viewpoint, List<Encoded>> heard = new ConcurrentHashMap<>();
    private final Map<Viewpoint, List<Resource>> resources = new ConcurrentHashMap<>();
    private final Encoded name;
    private final Encoded word;
    private final Set<String> leadsTo;

    /**
     * From where a destination is looked at.
     *
     * @param home whether the client is of the service's own namespace, in which its short name means it
     */
    record Viewpoint(boolean home, Capability capability) {}

    /**
     * Encodes what is new, and proves that it can be read.
     *
     * @param before other states of the same destination, and what others see of it: what is equal there is not encoded again
     * @throws IllegalArgumentException with the reason why no proxy could use it
     */
    DestinationLayer(Bundle bundle, List<DestinationLayer> before) {
        this.bundle = bundle;
        var known = new HashMap<Spec, Encoded>();
        before.forEach(layer -> known.putAll(layer.known()));
        for (var home : List.of(true, false)) {
            for (var capability : List.of(Capability.MESSAGES, Capability.BYTES)) {
                var viewpoint = new Viewpoint(home, capability);
                requireEachOnce(specs(viewpoint));
                heard.put(viewpoint, encoded(viewpoint, known));
            }
        }
        before.forEach(layer -> layer.heard
                .keySet()
                .forEach(viewpoint -> heard.computeIfAbsent(viewpoint, _ -> encoded(viewpoint, known))));
        this.name = known.computeIfAbsent(bundle.name(), Encoded::proven);
        this.word = known.computeIfAbsent(new DestinationSpec(bundle.host(), true), Encoded::of);
        this.leadsTo = leadsTo(bundle.host(), all());
    }

    private static Set<String> leadsTo(String host, Set<Spec> specs) {
        return specs.stream()
                .flatMap(spec -> spec.references().stream())
                .map(Spec.Ref::name)
                .filter(name -> !name.equals(Nowhere.NAME))
                .map(Names::host)
                .filter(other -> !other.equals(host))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Other destinations of which a client of this one must know as well: a share or a copy of its requests goes there. */
    Set<String> leadsTo() {
        return leadsTo;
    }

    /** What is told of it to those who have not asked for more. */
    Resource name() {
        return name.resource();
    }

    /** What is told after all the rest of it to those who have asked for it. */
    Resource word() {
        return word.resource();
    }

    private List<Encoded> encoded(Viewpoint viewpoint, Map<Spec, Encoded> known) {
        return specs(viewpoint).stream()
                .map(spec -> known.computeIfAbsent(spec, Encoded::proven))
                .toList();
    }

    Bundle bundle() {
        return bundle;
    }

    /** What a client in a namespace hears. The few that need no proxy are thought of when the first of them comes. */
    List<Encoded> heardIn(String namespace, Capability capability) {
        return heard.computeIfAbsent(
                new Viewpoint(isHome(namespace), capability), viewpoint -> encoded(viewpoint, known()));
    }

    private Map<Spec, Encoded> known() {
        var known = new HashMap<Spec, Encoded>();
        heard.values().forEach(all -> all.forEach(each -> known.put(each.spec(), each)));
        known.put(name.spec(), name);
        known.put(word.spec(), word);
        return known;
    }

    List<Resource> resourcesIn(String namespace, Capability capability) {
        return resources.computeIfAbsent(
                new Viewpoint(isHome(namespace), capability),
                _ -> heardIn(namespace, capability).stream()
                        .map(Encoded::resource)
                        .toList());
    }

    boolean isHome(String namespace) {
        return bundle.service()
                .filter(name -> name.namespace().equals(namespace))
                .isPresent();
    }

    /** @throws IllegalArgumentException naming what it leads to and nobody defines */
    void requireNoGap(Function<String, Optional<DestinationLayer>> byHost) {
        for (var spec : all()) {
            for (var ref : spec.references()) {
                var isThere = ref.name().equals(Nowhere.NAME)
                        || byHost.apply(Names.host(ref.name()))
                                .filter(layer -> layer.defines(ref))
                                .isPresent();
                if (!isThere)
                    throw new IllegalArgumentException("it leads to " + ref.name() + ", which does not exist");
            }
        }
    }

    private boolean defines(Spec.Ref ref) {
        return all().stream()
                .anyMatch(spec -> spec.type() == ref.type() && spec.name().equals(ref.name()));
    }

    private Set<Spec> all() {
        var all = new HashSet<Spec>();
        heard.values().forEach(each -> each.forEach(encoded -> all.add(encoded.spec())));
        return all;
    }

    private static void requireEachOnce(Collection<Spec> specs) {
        var names = new HashSet<Spec.Ref>();
        for (var spec : specs) {
            if (!names.add(new Spec.Ref(spec.type(), spec.name())))
                throw new IllegalArgumentException("it is there twice: " + spec.name());
        }
    }

    private List<Spec> specs(Viewpoint viewpoint) {
        var names = bundle.service()
                .map(name -> name.spellings(viewpoint.home() ? name.namespace() : ""))
                .orElse(bundle.hosts());
        var specs = new ArrayList<Spec>();
        for (var port : bundle.ports()) {
            specs.addAll(port.clusters());
            specs.addAll(port.endpoints());
            if (viewpoint.capability() == Capability.PROXYLESS) specs.addAll(dialled(port, names));
            else specs.addAll(outbound(port, names, viewpoint.capability()));
        }
        return specs;
    }

    private List<Spec> outbound(Bundle.Port port, List<String> names, Capability capability) {
        var name = Names.listener(bundle.host(), port.number());
        var wire = Wire.of(port.protocol(), capability, port.routes().name(), port.connections(), List.of());
        var place = new ListenerSpec.Place.Outbound(names, bundle.addresses(), port.number());
        if (port.hashesSource()) wire = wire.bySource();
        if (port.routes().knowsSessions()) wire = wire.withSessions();
        var listener = listener(name, place, port.number(), wire);
        return port.protocol().isRouted() ? List.of(listener, port.routes()) : List.of(listener);
    }

    /** For a gRPC client: {@code xds:///payment.shop.tulle:5000}, or the same by a shorter name. */
    private static Collection<Spec> dialled(Bundle.Port port, List<String> names) {
        // A route of another host may lead here, whether or not this port can be dialled itself.
        if (!port.protocol().isRouted() || port.protocol() == Protocol.NEST_TCP) return List.of();
        var specs = new LinkedHashMap<String, Spec>();
        for (var host : names) {
            var name = Names.listener(host, port.number());
            var wire = new WireSpec.Http(port.routes().name(), List.of());
            specs.put(name, listener(name, new ListenerSpec.Place.Api(), port.number(), wire));
        }
        var all = new ArrayList<>(specs.values());
        all.add(port.routes());
        return all;
    }

    private static Spec listener(String name, ListenerSpec.Place place, int port, WireSpec wire) {
        return new ListenerSpec(name, place, List.of(new ChainSpec(name, port, List.of(), ChainSpec.PLAINTEXT, wire)));
    }
}
