package io.tulle.dialects.istio;

import io.tulle.dialects.code.Codes;
import io.tulle.dialects.field.FieldReader;
import io.tulle.dialects.kind.Addresses;
import io.tulle.dialects.kind.Hosts;
import io.tulle.dialects.kind.Labels;
import io.tulle.model.world.External;
import io.tulle.model.world.External.Resolution;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    private record Place(String address, Map<Integer, Integer> ports, Map<String, String> labels) {}

    Resolution resolution(How how) {
        var places = spec.objects("endpoints", this::place);
        return switch (how) {
            case STATIC -> fixed(places);
            case DNS, DNS_IN_TURN -> byName(places);
            case AS_DIALLED -> {
                if (!places.isEmpty()) spec.problem(Codes.NO_EFFECT, "endpoints", "needs resolution STATIC or DNS");
                yield new Resolution.AsDialled();
            }
        };
    }

    private Resolution fixed(List<Place> places) {
        if (places.isEmpty() && !spec.has("workloadSelector")) {
            spec.warning(
                    Codes.NO_EFFECT,
                    "",
                    "has resolution STATIC and no endpoints, so nothing reaches its hosts",
                    "name the endpoints, or write resolution DNS");
        }
        for (var place : places) {
            if (!Addresses.isAddress(place.address()))
                spec.problem(
                        Codes.BAD_ADDRESS, "endpoints", "has '" + place.address() + "', and STATIC wants IP addresses");
        }
        return new Resolution.Static(places.stream()
                .map(place -> new External.Endpoint(place.address(), place.ports(), place.labels()))
                .toList());
    }

    private Resolution byName(List<Place> places) {
        if (places.size() > 1)
            spec.problem(
                    Codes.NOT_ACTED_ON, "endpoints", "names several, and Tulle resolves one name", "keep one of them");
        for (var place : places) {
            if (!Hosts.isHost(place.address()) && !Addresses.isAddress(place.address()))
                spec.problem(Codes.BAD_HOST, "endpoints", "has '" + place.address() + "', which is not a DNS name");
        }
        return places.stream()
                .findFirst()
                .map(place -> new Resolution.Dns(Optional.of(place.address()), place.labels(), place.ports()))
                .orElse(new Resolution.Dns(Optional.empty()));
    }

    private Place place(FieldReader endpoint) {
        var address = endpoint.requiredText("address");
        var listens = new TreeMap<Integer, Integer>();
        WorkloadEntryDecoder.ports(endpoint).forEach((name, number) -> {
            var meant = ports.named(name);
            if (meant.isEmpty())
                endpoint.problem(
                        Codes.OUT_OF_RANGE,
                        "ports",
                        "names a port '" + name + "', which the entry does not have",
                        "use the names of the entry's ports");
            meant.ifPresent(port -> port.number().ifPresent(dialled -> listens.put(dialled, number)));
        });
        return new Place(address, listens, Labels.of(endpoint, "labels"));
    }
}
