package io.tulle.proxy.nesttcp;

import io.tulle.proxy.exchange.RequestIds;
import io.tulle.proxy.trace.SpanContext;
import io.tulle.proxy.trace.Tracing;
import java.util.Optional;

/**
 * What a message belongs to: a request, by its id, and a trace. Without traces a message's bytes stay as they are, and
 * only an id that its sender gave is taken up.
 *
 * @param metadata to be written in the place of the message's own; empty to leave that
 */
record MessageContext(String requestId, Optional<SpanContext> trace, Optional<String> metadata) {
    static MessageContext of(Message message, NestTcpDoors doors) {
        var traced = doors.traces().on();
        if (!traced && !message.metadata().isThere()) return fresh(doors);
        var said = message.metadata().isThere()
                ? Metadata.parse(message.text(message.metadata()))
                : Optional.of(Metadata.none());
        if (said.isEmpty()) return fresh(doors);
        var headers = said.get().context();
        var id = headers.first("x-request-id").filter(RequestIds::isKept).orElseGet(doors.shared()::newRequestId);
        if (!traced) return new MessageContext(id, Optional.empty(), Optional.empty());
        headers.set("x-request-id", id);
        var trace = Tracing.enter(headers, doors.traces(), doors.shared().random());
        return new MessageContext(id, trace, Optional.of(said.get().json()));
    }

    /** Of a message that says nothing of itself. */
    static MessageContext fresh(NestTcpDoors doors) {
        return new MessageContext(doors.shared().newRequestId(), Optional.empty(), Optional.empty());
    }
}
