package io.tulle.dialects.istio;

import io.tulle.dialects.code.Codes;
import io.tulle.dialects.field.FieldReader;
import io.tulle.dialects.kind.Addresses;
import io.tulle.dialects.kind.Hosts;
import io.tulle.dialects.kind.Labels;
import io.tulle.dialects.kind.Names;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Istio's WorkloadEntry: an endpoint of a ServiceEntry, or one that stands by itself. */
final class PlaceReader {
    private static final String UNIX = "unix://";

    private PlaceReader() {}

    /**
     * What is said of a place.
     *
     * @param ports where it listens, by name
     */
    record Place(String address, SortedMap<String, Integer> ports, Map<String, String> labels, int weight) {
        boolean isUnix() {
            return address.startsWith(UNIX);
        }
    }

    static Place place(FieldReader entry) {
        var place = new Place(entry.requiredText("address"), ports(entry), Labels.of(entry, "labels"), weight(entry));
        if (place.isUnix()) unix(entry, place);
        notYet(entry, "network", "there is one network");
        notYet(entry, "locality", "endpoints outside the mesh have no locality");
        notYet(entry, "serviceAccount", "who may answer is said by subjectAltNames");
        return place;
    }

    /** An IP address, a DNS name, or a Unix socket. */
    static void requireAddress(FieldReader entry, Place place) {
        var address = place.address();
        if (address.isEmpty() || place.isUnix() || Addresses.isAddress(address) || Hosts.isName(address)) return;
        entry.problem(
                Codes.BAD_ADDRESS,
                "address",
                "'" + address + "' is neither an IP address nor a DNS name",
                "write an address such as 10.0.0.1 or fd00::1, or a DNS name");
    }

    private static int weight(FieldReader entry) {
        var weight = entry.integer("weight", 0, Integer.MAX_VALUE).orElse(1);
        return weight == 0 ? 1 : weight; // protobuf's default: nothing was said
    }

    private static void unix(FieldReader entry, Place place) {
        var path = place.address().substring(UNIX.length());
        if (!path.startsWith("/") || path.endsWith("/"))
            entry.problem(
                    Codes.BAD_ADDRESS,
                    "address",
                    "'" + place.address() + "' is no absolute path to a socket",
                    "write unix:///path/to/socket");
        if (!place.ports().isEmpty())
            entry.problem(Codes.EXCLUDES, "ports", "is set beside a Unix socket, which has no port", "remove ports");
    }

    private static void notYet(FieldReader entry, String field, String why) {
        if (entry.text(field).filter(text -> !text.isEmpty()).isEmpty()) return;
        entry.warning(Codes.NOT_ACTED_ON, field, "changes nothing: " + why, "nothing to do, or leave it out");
    }

    /** Port numbers by port name. */
    private static SortedMap<String, Integer> ports(FieldReader entry) {
        var ports = new TreeMap<String, Integer>();
        entry.integerMap("ports", 1, 65535).forEach((name, number) -> {
            if (!Names.isLabel(name)) entry.problem(Codes.BAD_NAME, "ports", "names a port '" + name + "'");
            ports.put(name, number);
        });
        return ports;
    }
}
