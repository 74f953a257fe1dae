package io.tulle.dialects.istio;

import io.tulle.dialects.code.Codes;
import io.tulle.dialects.field.FieldReader;
import io.tulle.dialects.kind.Addresses;
import io.tulle.dialects.kind.Context;
import io.tulle.dialects.kind.Contribution;
import io.tulle.dialects.kind.Decoder;
import io.tulle.dialects.kind.Hosts;
import io.tulle.dialects.kind.Names;
import io.tulle.dialects.kind.Protocols;
import io.tulle.model.world.External;
import io.tulle.model.world.External.Resolution;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** ServiceEntry with location MESH_EXTERNAL: what the mesh depends on and does not hold. */
final class ServiceEntryDecoder implements Decoder {
    private enum Found {
        AS_DIALLED,
        STATIC,
        DNS
    }

    private record NamedPort(String name, External.Port port) {}

    private record Place(String address, SortedMap<String, Integer> ports, SortedMap<String, String> labels) {}

    @Override
    public List<Contribution> decode(FieldReader fields, Context context) {
        if (!fields.has("spec")) fields.missing("spec");
        return fields.object("spec", spec -> external(spec, context))
                .<List<Contribution>>map(found -> List.of(new Contribution.OfExternal(found)))
                .orElse(List.of());
    }

    private static External external(FieldReader spec, Context context) {
        var exportedTo = Gateways.exportedTo(spec, context);
        spec.choice("location", Map.of("MESH_EXTERNAL", true));
        var ports = spec.objects("ports", ServiceEntryDecoder::port);
        if (ports.isEmpty()) {
            spec.warning(
                    Codes.NO_EFFECT,
                    "ports",
                    "are not declared, so requests to its hosts pass as they would without it",
                    "declare the ports that applications dial");
        }
        var numbers = new HashSet<Integer>();
        for (var port : ports) {
            if (!numbers.add(port.port().number())) {
                spec.problem(
                        Codes.DUPLICATE_NAME, "ports", "has port " + port.port().number() + " twice");
            }
        }
        requireNames(spec, ports);
        var how = found(spec);
        var addresses = addresses(spec, how);
        return new External(
                context.resource().ref(),
                hosts(spec, context),
                addresses,
                ports.stream().map(NamedPort::port).toList(),
                resolution(spec, how, addresses, ports),
                exportedTo,
                context.resource().metadata().creationTimestamp().orElse(Instant.EPOCH),
                List.of());
    }

    private static List<String> hosts(FieldReader spec, Context context) {
        var hosts = spec.texts("hosts");
        if (hosts.isEmpty()) spec.missing("hosts");
        VirtualServiceDecoder.reportRepeated(spec, hosts);
        for (var host : hosts) {
            if (host.startsWith("*")) spec.notActedOn("hosts", host);
            else if (!Hosts.isName(host)) spec.problem(Codes.BAD_HOST, "hosts", "'" + host + "' is not a DNS name");
            else if (!context.hosts().isExternal(host, context.resource().namespace())) {
                spec.problem(
                        Codes.BAD_HOST,
                        "hosts",
                        "'" + host + "' is the name of a service of the mesh",
                        "give what is outside a name of its own");
            }
        }
        return hosts.stream().map(Hosts::plain).toList();
    }

    /** Endpoints give their ports by these names, so each port has one of its own. */
    private static void requireNames(FieldReader spec, List<NamedPort> ports) {
        var names = new HashSet<String>();
        for (var port : ports) {
            if (!port.name().isEmpty() && !names.add(port.name())) {
                spec.problem(
                        Codes.DUPLICATE_NAME, "ports", "names two ports '" + port.name() + "'", "rename one of them");
            }
        }
    }

    /** Single addresses; of a block only its being there is told, since which of its addresses are meant nobody says. */
    private static List<String> addresses(FieldReader spec, Found how) {
        var single = new ArrayList<String>();
        for (var address : spec.texts("addresses")) {
            if (Addresses.isAddress(address)) single.add(address);
            else if (Addresses.isBlock(address) && how == Found.DNS) {
                spec.problem(
                        Codes.BAD_ADDRESS,
                        "addresses",
                        "has the block " + address + ", and resolution DNS takes single addresses",
                        "write each address, or resolution STATIC or NONE");
            } else if (Addresses.isBlock(address)) {
                spec.warning(
                        Codes.NOT_ACTED_ON,
                        "addresses",
                        "has the block " + address
                                + ": connections to addresses of it pass as they would without the entry",
                        "name its hosts, or each address, where the mesh should know them");
            } else spec.problem(Codes.BAD_ADDRESS, "addresses", "'" + address + "' is not an IP address");
        }
        if (how != Found.AS_DIALLED || single.size() < 2) return single;
        // NONE: a connection goes to the very address that was dialled, never to another of them.
        spec.warning(
                Codes.NOT_ACTED_ON,
                "addresses",
                "has several with resolution NONE: connections to them pass as they would without the entry",
                "write resolution STATIC with endpoints where any of them will do, or an entry for each address");
        return List.of();
    }

    private static NamedPort port(FieldReader port) {
        if (!port.has("number")) port.missing("number");
        var number = port.integer("number", 1, 65535).orElse(1);
        var name = port.requiredText("name");
        if (!name.isEmpty()) Names.check(port, "name", name);
        var target = port.integer("targetPort", 1, 65535).orElse(number);
        return new NamedPort(name, new External.Port(number, Protocols.of(port, "protocol", name), target));
    }

    private static Found found(FieldReader spec) {
        return spec.choice(
                        "resolution",
                        Map.of(
                                "NONE",
                                Found.AS_DIALLED,
                                "STATIC",
                                Found.STATIC,
                                "DNS",
                                Found.DNS,
                                "DNS_ROUND_ROBIN",
                                Found.DNS))
                .orElse(Found.AS_DIALLED);
    }

    private static Resolution resolution(FieldReader spec, Found how, List<String> addresses, List<NamedPort> ports) {
        var places = spec.objects("endpoints", ServiceEntryDecoder::place);
        return switch (how) {
            case STATIC -> fixed(spec, places, ports);
            case DNS -> byName(spec, places);
            case AS_DIALLED -> {
                if (!places.isEmpty()) spec.problem(Codes.NO_EFFECT, "endpoints", "needs resolution STATIC or DNS");
                yield addresses.isEmpty()
                        ? new Resolution.Dns(Optional.empty())
                        : new Resolution.Static(addresses.stream()
                                .map(address -> new External.Endpoint(address, Optional.empty()))
                                .toList());
            }
        };
    }

    private static Resolution fixed(FieldReader spec, List<Place> places, List<NamedPort> ports) {
        if (places.isEmpty() && !spec.has("workloadSelector")) spec.missing("endpoints");
        for (var place : places) {
            if (!Addresses.isAddress(place.address())) {
                spec.problem(
                        Codes.BAD_ADDRESS, "endpoints", "has '" + place.address() + "', and STATIC wants IP addresses");
            }
        }
        return new Resolution.Static(places.stream()
                .map(place -> new External.Endpoint(place.address(), port(spec, place, ports), place.labels()))
                .toList());
    }

    private static Resolution byName(FieldReader spec, List<Place> places) {
        if (places.size() > 1) {
            spec.problem(
                    Codes.NOT_ACTED_ON, "endpoints", "names several, and Tulle resolves one name", "keep one of them");
        }
        for (var place : places) {
            if (!place.ports().isEmpty()) spec.notActedOn("endpoints", "ports with resolution DNS");
            if (!Hosts.isName(place.address())) {
                spec.problem(Codes.BAD_HOST, "endpoints", "has '" + place.address() + "', which is not a DNS name");
            }
        }
        var place = places.stream().findFirst();
        return new Resolution.Dns(
                place.map(Place::address), place.map(Place::labels).orElse(new TreeMap<>()));
    }

    /** An endpoint's own port, where the entry has one port that it can mean. */
    private static Optional<Integer> port(FieldReader spec, Place place, List<NamedPort> ports) {
        if (place.ports().isEmpty()) return Optional.empty();
        if (ports.size() == 1 && place.ports().containsKey(ports.getFirst().name())) {
            return Optional.ofNullable(place.ports().get(ports.getFirst().name()));
        }
        spec.problem(
                Codes.NOT_ACTED_ON,
                "endpoints",
                "gives ports by name, and Tulle reads that where the entry has exactly that one port",
                "write one ServiceEntry for each port");
        return Optional.empty();
    }

    private static Place place(FieldReader endpoint) {
        return new Place(
                endpoint.requiredText("address"), WorkloadEntryDecoder.ports(endpoint), endpoint.textMap("labels"));
    }
}
