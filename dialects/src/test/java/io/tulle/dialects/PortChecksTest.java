package io.tulle.dialects;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tulle.dialects.reader.Reader;
import io.tulle.model.Problem;
import io.tulle.model.Protocol;
import io.tulle.model.world.MeshSettings;
import io.tulle.model.world.ServicePort;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Rules that no port of what runs can follow: they are in force, and would do nothing or answer 503. */
class PortChecksTest {
    private static final ServicePort PAGES = new ServicePort(3000, Protocol.HTTP);
    private static final ServicePort BYTES = new ServicePort(5432, Protocol.TCP);
    private static final ServicePort ANY = new ServicePort(7000, Protocol.UNDECLARED);
    private static final String HTTP = "http: [ { route: [ { destination: { host: cart } } ] } ]";
    private static final String TCP = "tcp: [ { route: [ { destination: { host: cart } } ] } ]";

    @Test
    void aDestinationsPortThatNoInstanceAnnouncesIsToldOf() {
        var found =
                check("http: [ { route: [ { destination: { host: cart, port: { number: 4444 } } } ] } ]", PAGES, BYTES);
        assertEquals(List.of("TUL1219"), codes(found));
        assertTrue(found.getFirst()
                .message()
                .endsWith("names port 4444 of cart.shop.tulle, whose instances announce 3000, 5432"));
        assertTrue(found.getFirst().where().isPresent());
        assertEquals(
                List.of(),
                check("http: [ { route: [ { destination: { host: cart, port: { number: 3000 } } } ] } ]", PAGES));
        assertEquals(
                List.of(),
                check("http: [ { route: [ { destination: { host: cart, port: { number: 4444 } } } ] } ]"),
                "nothing runs yet");
    }

    @Test
    void rulesForConnectionsAtPortsOfRequestsAreToldOf() {
        var found = check(TCP, PAGES);
        assertEquals(List.of("TUL1232"), codes(found));
        assertTrue(found.getFirst().message().contains("no port of cart.shop.tulle can follow them: 3000 speaks http"));
        assertEquals(List.of(), check(TCP, PAGES, BYTES));
        assertEquals(List.of(), check(TCP, ANY));
        assertEquals(List.of(), check(TCP + "\n  " + HTTP, PAGES));
    }

    @Test
    void rulesForRequestsAtPortsOfBytesAreToldOf() {
        assertEquals(List.of("TUL1232"), codes(check(HTTP, BYTES)));
        assertEquals(List.of(), check(HTTP, PAGES));
        assertEquals(List.of(), check(HTTP, ANY, BYTES));
    }

    private static List<String> codes(List<Problem> problems) {
        return problems.stream().map(Problem::code).toList();
    }

    private static List<Problem> check(String rules, ServicePort... ports) {
        var yaml = """
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: { name: cart, namespace: shop }
                spec:
                  hosts: [ cart ]
                """ + rules.indent(2);
        var read = ResourceReader.read(new Reader().yaml("cart.yaml", yaml), "shop");
        var reading = WorldReader.read(1, MeshSettings.DEFAULT, read.resources());
        assertEquals(List.of(), reading.problems());
        var announced =
                ports.length == 0 ? Map.<String, List<ServicePort>>of() : Map.of("cart.shop.tulle", List.of(ports));
        return PortChecks.run(reading.world(), read.resources(), announced);
    }
}
