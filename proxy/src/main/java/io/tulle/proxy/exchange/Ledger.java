package io.tulle.proxy.exchange;

import io.tulle.proxy.balance.Endpoint;
import io.tulle.proxy.filter.DryRun;
import io.tulle.proxy.message.Connection;
import io.tulle.proxy.message.Headers;
import io.tulle.proxy.message.Reason;
import io.tulle.proxy.message.RequestHead;
import io.tulle.proxy.plan.Cluster;
import io.tulle.proxy.report.ExchangeReport;
import io.tulle.proxy.report.Outcome;
import io.tulle.proxy.trace.SpanContext;
import io.tulle.xds.spec.EndpointSpec;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Keeps account of one exchange, or one message, while it goes on, and reports it once. */
public final class Ledger {
    private final Shared shared;
    private final Connection connection;
    private final RequestHead request;
    private final String requestId;
    private final Optional<SpanContext> trace;
    private final Instant start;
    private final long startNanos;
    private Optional<String> route = Optional.empty();
    private Optional<Cluster> cluster = Optional.empty();
    private Optional<EndpointSpec> endpoint = Optional.empty();
    private OptionalLong firstByte = OptionalLong.empty();
    private OptionalInt grpcStatus = OptionalInt.empty();
    private Optional<DryRun.Said> dryRun = Optional.empty();
    private long responseBytes;
    private int attempts;
    private int replays;
    private boolean delayed;
    private boolean ended;

    public Ledger(
            Shared shared, Connection connection, RequestHead request, String requestId, Optional<SpanContext> trace) {
        this.shared = shared;
        this.connection = connection;
        this.request = request;
        this.requestId = requestId;
        this.trace = trace;
        this.start = shared.clock().instant();
        this.startNanos = shared.now();
    }

    public void routed(String name) {
        route = Optional.of(name);
    }

    void towards(Optional<Cluster> where) {
        cluster = where;
    }

    public void attempt(Endpoint where) {
        attempts++;
        endpoint = Optional.of(where.spec());
    }

    /** What policies that are only tried say of it. */
    void tried(DryRun.Said said) {
        dryRun = Optional.of(said);
    }

    /** A route's fault holds it back. */
    public void delayed() {
        delayed = true;
    }

    /** The attempt before may have been seen by its endpoint, and is made again. */
    public void replayed() {
        replays++;
    }

    void answerBegan(Headers fields) {
        answerBegan();
        grpc(fields);
    }

    /** The application says something; the first time counts. */
    public void answerBegan() {
        if (firstByte.isEmpty()) firstByte = OptionalLong.of(shared.now() - startNanos);
    }

    public void answered(int bytes) {
        responseBytes += bytes;
    }

    /** A gRPC call's status, in the head or in the trailers. */
    void grpc(Headers fields) {
        var status = grpcStatus(fields);
        if (status.isPresent()) grpcStatus = status;
    }

    static OptionalInt grpcStatus(Headers fields) {
        var text = fields.first("grpc-status").orElse("");
        if (text.isEmpty() || text.length() > 2 || !text.chars().allMatch(Character::isDigit))
            return OptionalInt.empty();
        return OptionalInt.of(Integer.parseInt(text));
    }

    /** What a call that broke off is to its caller; a caller that is gone hears nothing. */
    private static OptionalInt statusOf(Outcome outcome) {
        var status = outcome.reason().map(Reason::status).orElse(0);
        return status == 0 ? OptionalInt.empty() : OptionalInt.of(GrpcAnswer.status(status));
    }

    public String requestId() {
        return requestId;
    }

    int attempts() {
        return attempts;
    }

    public void end(Outcome outcome, long requestBytes) {
        if (ended) throw new IllegalStateException("an exchange ends exactly once");
        ended = true;
        if (grpcStatus.isEmpty() && request.isGrpc()) grpcStatus = statusOf(outcome);
        shared.observers()
                .exchanges()
                .ended(new ExchangeReport(
                        connection,
                        request,
                        requestId,
                        route,
                        cluster.map(Cluster::spec),
                        endpoint,
                        delayed ? outcome.afterDelay() : outcome,
                        attempts,
                        replays,
                        requestBytes,
                        responseBytes,
                        start,
                        shared.now() - startNanos,
                        firstByte,
                        grpcStatus,
                        trace,
                        dryRun));
    }
}
