package io.tulle.dialects;

import io.tulle.dialects.code.Codes;
import io.tulle.dialects.kind.Contribution.OfPlace;
import io.tulle.dialects.kind.Contribution.OfSelecting;
import io.tulle.model.IpLiteral;
import io.tulle.model.Problem;
import io.tulle.model.world.External;
import io.tulle.model.world.External.Resolution;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;

/** Puts places that stand by themselves behind what selects them, within one namespace. */
final class Selecting {
    private final List<OfSelecting> selecting = new ArrayList<>();
    private final List<OfPlace> places = new ArrayList<>();

    void add(OfSelecting one) {
        selecting.add(one);
    }

    void add(OfPlace place) {
        places.add(place);
    }

    /** Each with its endpoints, in the order of the places' names. */
    List<External> externals() {
        return selecting.stream().map(this::external).toList();
    }

    /** What selects nothing that an entry of its resolution can lead to. */
    List<Problem> problems() {
        return selecting.stream()
                .filter(one -> placesOf(one).isEmpty())
                .map(one -> Codes.NOBODY_SELECTED.warning(one.external().source() + ": no WorkloadEntry in namespace "
                        + one.external().source().namespace() + " has the labels "
                        + one.selector().labels()))
                .toList();
    }

    private External external(OfSelecting one) {
        var endpoints =
                placesOf(one).stream().map(place -> endpoint(place, one)).toList();
        var external = one.external();
        var isStatic = external.resolution() instanceof Resolution.Static;
        return new External(
                external.source(),
                external.hosts(),
                external.addresses(),
                external.ports(),
                // DNS of no name at all would be DNS of the host itself, which is not what was selected
                isStatic || endpoints.isEmpty() ? new Resolution.Static(endpoints) : new Resolution.Dns(endpoints),
                external.exportedTo(),
                external.created(),
                external.subjectAltNames(),
                external.parts());
    }

    private List<OfPlace> placesOf(OfSelecting one) {
        var isStatic = one.external().resolution() instanceof Resolution.Static;
        return places.stream()
                .filter(place -> place.source()
                        .namespace()
                        .equals(one.external().source().namespace()))
                .filter(place -> one.selector().selects(place.labels()))
                .filter(place -> !isStatic || isAddress(place.address()))
                .sorted(Comparator.comparing(OfPlace::source))
                .toList();
    }

    private static boolean isAddress(String address) {
        return IpLiteral.isAddress(address) || address.startsWith("unix://");
    }

    private static External.Endpoint endpoint(OfPlace place, OfSelecting one) {
        var listens = new TreeMap<Integer, Integer>();
        place.ports().forEach((name, number) -> {
            var dialled = one.ports().get(name);
            if (dialled != null) listens.put(dialled, number);
        });
        return new External.Endpoint(place.address(), listens, place.labels(), place.weight());
    }
}
