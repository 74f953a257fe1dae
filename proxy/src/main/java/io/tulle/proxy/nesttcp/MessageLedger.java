package io.tulle.proxy.nesttcp;

import io.tulle.proxy.balance.Endpoint;
import io.tulle.proxy.exchange.Connection;
import io.tulle.proxy.exchange.Outcome;
import io.tulle.proxy.exchange.RequestHead;
import io.tulle.proxy.observe.ExchangeReport;
import io.tulle.proxy.plan.Cluster;
import io.tulle.xds.spec.EndpointSpec;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Keeps account of one message, and reports it once. */
final class MessageLedger {
    private final NestTcpDoors doors;
    private final Connection connection;
    private final RequestHead request;
    private final MessageContext context;
    private final Instant start;
    private final long startNanos;
    private final int requestBytes;
    private Optional<String> route = Optional.empty();
    private Optional<Cluster> cluster = Optional.empty();
    private Optional<EndpointSpec> endpoint = Optional.empty();
    private OptionalLong firstByte = OptionalLong.empty();
    private long responseBytes;
    private int attempts;
    private int replays;
    private boolean ended;

    MessageLedger(
            NestTcpDoors doors, Connection connection, RequestHead request, MessageContext context, int requestBytes) {
        this.doors = doors;
        this.connection = connection;
        this.request = request;
        this.context = context;
        this.start = doors.time().clock().instant();
        this.startNanos = doors.now();
        this.requestBytes = requestBytes;
    }

    void routed(String name) {
        route = Optional.of(name);
    }

    void towards(Cluster where) {
        cluster = Optional.of(where);
    }

    void attempt(Endpoint where) {
        attempts++;
        endpoint = Optional.of(where.spec());
    }

    /** The attempt before may have been seen by its endpoint, and is made again. */
    void replayed() {
        replays++;
    }

    void answered(int bytes) {
        if (firstByte.isEmpty()) firstByte = OptionalLong.of(doors.now() - startNanos);
        responseBytes += bytes;
    }

    String requestId() {
        return context.requestId();
    }

    void end(Outcome outcome) {
        if (ended) throw new IllegalStateException("a message ends exactly once");
        ended = true;
        doors.listener()
                .ended(new ExchangeReport(
                        connection,
                        request,
                        context.requestId(),
                        route,
                        cluster.map(Cluster::spec),
                        endpoint,
                        outcome,
                        attempts,
                        replays,
                        requestBytes,
                        responseBytes,
                        start,
                        doors.now() - startNanos,
                        firstByte,
                        OptionalInt.empty(),
                        context.trace()));
    }
}
