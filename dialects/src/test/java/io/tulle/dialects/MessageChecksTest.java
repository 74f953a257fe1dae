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

/** What is asked of Nest TCP messages that they cannot do is refused, or told, by code. */
final class MessageChecksTest {
    private static final ServicePort MESSAGES = new ServicePort(4000, Protocol.NEST_TCP);
    private static final ServicePort PAGES = new ServicePort(3000, Protocol.HTTP);

    private static List<Problem> check(String rule, ServicePort... ports) {
        var yaml = """
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: { name: cart, namespace: shop }
                spec:
                  hosts: [ cart ]
                  http:
                """ + ("- { " + rule + ", route: [ { destination: { host: cart } } ] }\n").indent(4);
        var read = ResourceReader.read(new Reader().yaml("cart.yaml", yaml), "shop");
        var reading = WorldReader.read(1, MeshSettings.DEFAULT, read.resources());
        assertEquals(List.of(), reading.problems());
        return MessageChecks.run(reading.world(), read.resources(), Map.of("cart.shop.tulle", List.of(ports)));
    }

    @Test
    void aPatternMatchesAsAPathAndAMessageWaitsAndIsTriedAgain() {
        assertEquals(
                List.of(),
                check("match: [ { uri: { prefix: /cmd=get } } ], timeout: 1s, retries: { attempts: 2 }", MESSAGES));
    }

    @Test
    void whatNoMessageCanDoIsRefusedWhereNothingElseListens() {
        for (var rule : List.of(
                "rewrite: { uri: /other }",
                "headers: { request: { set: { a: b } } }",
                "match: [ { headers: { user: { exact: ada } } } ]",
                "match: [ { queryParams: { user: { exact: ada } } } ]")) {
            var problems = check(rule, MESSAGES);
            assertEquals(1, problems.size(), rule);
            assertTrue(problems.getFirst().isError(), rule);
            assertEquals("TUL1204", problems.getFirst().code());
            assertTrue(problems.getFirst().where().isPresent());
        }
    }

    @Test
    void itIsToldWhereAnotherProtocolOfTheHostCanDoIt() {
        var problems = check("rewrite: { uri: /other }", MESSAGES, PAGES);
        assertEquals(1, problems.size());
        assertTrue(!problems.getFirst().isError());
        assertEquals(List.of(), check("match: [ { port: 3000 } ], rewrite: { uri: /other }", MESSAGES, PAGES));
    }
}
