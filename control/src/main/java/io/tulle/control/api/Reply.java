package io.tulle.control.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tulle.model.Problem;
import java.util.List;

/** What a handler answers. */
record Reply(int status, ObjectNode body, List<Problem> warnings) {
    Reply {
        warnings = List.copyOf(warnings);
    }

    static Reply ok(ObjectNode body) {
        return new Reply(200, body, List.of());
    }
}
