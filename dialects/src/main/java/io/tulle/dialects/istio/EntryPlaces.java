package io.tulle.dialects.istio;

import io.tulle.dialects.code.Codes;
import io.tulle.dialects.field.FieldReader;
import io.tulle.dialects.kind.Addresses;
import io.tulle.dialects.kind.Hosts;
import io.tulle.model.world.External;
import io.tulle.model.world.External.Resolution;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Where a ServiceEntry's hosts are: its resolution and its endpoints. */
final class EntryPlaces {
    private final FieldReader spec;
    private final EntryPorts ports;

    EntryPlaces(FieldReader spec, EntryPorts ports) {
        this.spec = spec;
        this.ports = ports;
    }

    enum How {
        AS_DIALLED,
        STATIC,
        DNS,
        DNS_IN_TURN;

        boolean isByName() {
            return this == DNS || this == DNS_IN_TURN;
        }
    }

    static How how(FieldReader spec) {
        return spec.choice(
                        "resolution",
                        Map.of(
                                "NONE", How.AS_DIALLED,
                                "STATIC", How.STATIC,
                                "DNS", How.DNS,
                                "DNS_ROUND_ROBIN", How.DNS_IN_TURN))
                .orElse(How.AS_DIALLED);
    }

    Resolution resolution(How how) {
        var places = spec.objects("endpoints", this::place);
        return switch (how) {
            case STATIC -> fixed(places);
            case DNS, DNS_IN_TURN -> byName(places, how);
            case AS_DIALLED -> {
                if (!places.isEmpty()) spec.problem(Codes.NO_EFFECT, "endpoints", "needs resolution STATIC or DNS");
                yield new Resolution.AsDialled();
            }
        };
    }

    private Resolution fixed(List<External.Endpoint> places) {
        if (places.isEmpty() && !spec.has("workloadSelector")) {
            spec.warning(
                    Codes.NO_EFFECT,
                    "",
                    "has resolution STATIC and no endpoints, so nothing reaches its hosts",
                    "name the endpoints, or write resolution DNS");
        }
        for (var place : places) {
            if (isUnix(place)) requireOnePort();
            else if (!Addresses.isAddress(place.address()))
                spec.problem(
                        Codes.BAD_ADDRESS, "endpoints", "has '" + place.address() + "', and STATIC wants IP addresses");
        }
        return new Resolution.Static(places);
    }

    private void requireOnePort() {
        if (ports.all().size() == 1) return;
        spec.problem(
                Codes.EXCLUDES,
                "endpoints",
                "has a Unix socket, and the entry has " + ports.all().size() + " ports for it",
                "declare one port");
    }

    private Resolution byName(List<External.Endpoint> places, How how) {
        if (places.size() > 1 && how == How.DNS_IN_TURN)
            spec.problem(
                    Codes.OUT_OF_RANGE,
                    "endpoints",
                    "names several, and DNS_ROUND_ROBIN takes the addresses of one name in turn",
                    "keep one of them, or write resolution DNS");
        for (var place : places) {
            if (!Hosts.isHost(place.address()) && !Addresses.isAddress(place.address()))
                spec.problem(Codes.BAD_HOST, "endpoints", "has '" + place.address() + "', which is not a DNS name");
        }
        return new Resolution.Dns(places);
    }

    private static boolean isUnix(External.Endpoint place) {
        return place.address().startsWith("unix://");
    }

    private External.Endpoint place(FieldReader endpoint) {
        var place = PlaceReader.place(endpoint);
        var listens = new TreeMap<Integer, Integer>();
        place.ports().forEach((name, number) -> {
            var meant = ports.named(name);
            if (meant.isEmpty())
                endpoint.problem(
                        Codes.OUT_OF_RANGE,
                        "ports",
                        "names a port '" + name + "', which the entry does not have",
                        "use the names of the entry's ports");
            meant.ifPresent(port -> port.number().ifPresent(dialled -> listens.put(dialled, number)));
        });
        return new External.Endpoint(place.address(), listens, place.labels(), place.weight());
    }
}
