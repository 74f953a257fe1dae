package io.tulle.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tulle.model.match.RequestMatch;
import io.tulle.testkit.NestSocket;
import io.tulle.testkit.NoLeaks;
import io.tulle.xds.spec.ActionSpec;
import io.tulle.xds.spec.RouteSpec;
import io.tulle.xds.spec.WireSpec;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a route itself answers to a Nest TCP call. */
@ExtendWith(NoLeaks.class)
class NestAnswersTest {
    private static final String CALL = "{\"pattern\":\"sum\",\"data\":1,\"id\":\"x\"}";

    private final Fleet fleet = new Fleet();

    @AfterEach
    void end() {
        fleet.close();
    }

    private String answer(int status, String body) throws Exception {
        var route = new RouteSpec("all", List.of(RequestMatch.ANY), new ActionSpec.Respond(status, body));
        var proxy = fleet.alone(
                SidecarSettings.DEFAULT, Fleet.door(new WireSpec.NestTcp("routes", List.of())), Fleet.table(route));
        try (var client = NestSocket.to(Fleet.at(proxy))) {
            client.send(CALL);
            return client.next();
        }
    }

    @Test
    void aWrittenAnswerIsTheReply() throws Exception {
        assertEquals("{\"response\":\"say \\\"hi\\\"\",\"isDisposed\":true,\"id\":\"x\"}", answer(200, "say \"hi\""));
        assertTrue(fleet.nextReport().outcome().reason().isEmpty());
    }

    @Test
    void aWrittenErrorIsThrownWithItsOwnText() throws Exception {
        assertEquals(
                "{\"err\":{\"status\":\"error\",\"message\":\"closed\"},\"isDisposed\":true,\"id\":\"x\"}",
                answer(503, "closed"));
        assertEquals(503, fleet.nextReport().outcome().status());
    }
}
