package io.tulle.proxy.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tulle.proxy.plan.Parts.Part;
import io.tulle.xds.spec.ListenerSpec;
import io.tulle.xds.spec.ListenerSpec.Place.Outbound;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WaysTest {
    private static final Ways WAYS = Ways.of(listeners(Map.of(
            "wide", new Outbound(List.of("wide.example.com"), List.of("10.0.0.0/8"), 5432),
            "narrow", new Outbound(List.of("narrow.example.com"), List.of("10.77.9.9/16", "fd00::/8"), 5432),
            "one", new Outbound(List.of("one.example.com"), List.of("10.77.1.2", "fd00::0:5"), 5432),
            "web", new Outbound(List.of("10.example.com"), List.of("10.77.0.0/16"), 80),
            "all", new Outbound(List.of(), List.of("0.0.0.0/0"), 9))));

    @ParameterizedTest
    @CsvSource({
        "10.1.1.1, 5432, wide",
        "10.77.1.3, 5432, narrow",
        "10.77.1.2, 5432, one",
        "10.77.1.2, 80, web",
        "10.78.1.2, 80, ''",
        "11.0.0.1, 5432, ''",
        "203.0.113.9, 9, all",
        "narrow.example.com, 5432, narrow",
        "narrow.example.com, 80, ''",
        "10.example.com, 80, web",
        "unknown, 9, ''",
    })
    void anAddressMeansWhatTheNarrowestBlockAroundItMeans(String dialled, int port, String listener) {
        assertEquals(
                listener, WAYS.meant(new Destination.Outbound(dialled, port)).orElse(""));
    }

    @Test
    void anIpv6AddressIsTheSameHoweverItWasWritten() {
        // As a gate spells the address that the kernel tells.
        var five = new Destination.Outbound("fd00:0:0:0:0:0:0:5", 5432);
        var six = new Destination.Outbound("fd00:0:0:0:0:0:0:6", 5432);

        assertEquals("one", WAYS.meant(five).orElse(""));
        assertEquals("narrow", WAYS.meant(six).orElse(""));
    }

    private static Map<String, Part<ListenerSpec, List<Chain>>> listeners(Map<String, ListenerSpec.Place> places) {
        var listeners = new TreeMap<String, Part<ListenerSpec, List<Chain>>>();
        places.forEach((name, place) ->
                listeners.put(name, new Part<>(new ListenerSpec(name, place, List.of()), List.of(), List.of())));
        return listeners;
    }
}
