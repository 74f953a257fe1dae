package io.tulle.proxy.exchange;

import io.netty.buffer.ByteBuf;
import io.tulle.proxy.balance.Endpoint;
import io.tulle.proxy.message.FromUpstream;
import io.tulle.proxy.message.Headers;
import io.tulle.proxy.message.Reason;
import io.tulle.proxy.message.RequestHead;
import io.tulle.proxy.message.Reset;
import io.tulle.proxy.message.ResponseHead;
import io.tulle.proxy.message.Upstream;
import io.tulle.proxy.pool.Dial;
import io.tulle.proxy.pool.Lease;
import io.tulle.proxy.pool.UpstreamConnection;
import io.tulle.proxy.report.Outcome;
import io.tulle.proxy.resilience.Failure;
import io.tulle.proxy.resilience.GrpcStatuses;
import java.util.Optional;

/**
 * One attempt at one endpoint: a lease, a stream, and the relay of both bodies, each paused while the other side cannot
 * write.
 *
 * <pre>
 *   begin --> leased --> streaming --> answer begun --> over
 *      '--------'------------'--failed---------'--cut--^
 * </pre>
 */
final class Attempt implements Lease, FromUpstream {
    private final Forwarding forwarding;
    private final Exchange exchange;
    private final Endpoint endpoint;
    private final RequestHead request;
    private Optional<Upstream> upstream = Optional.empty();
    private int status;
    private boolean over;

    Attempt(Forwarding forwarding, Endpoint endpoint, RequestHead request) {
        this.forwarding = forwarding;
        this.exchange = forwarding.exchange();
        this.endpoint = endpoint;
        this.request = request;
    }

    void begin() {
        var dial = new Dial(
                forwarding.flight().cluster(),
                endpoint.spec(),
                exchange.connection().remote());
        exchange.exchanges().shared().pools().lease(dial, this);
    }

    // The lease.

    @Override
    public void ready(UpstreamConnection connection) {
        var stream = connection.open(this);
        upstream = Optional.of(stream);
        var empty = exchange.body().isEmpty();
        stream.head(request, empty);
        if (!empty) exchange.body().replay(stream);
        stream.flush();
        if (stream.isWritable()) exchange.caller().resume();
    }

    @Override
    public void failed(Reset why) {
        reset(why);
    }

    @Override
    public boolean isOver() {
        return over;
    }

    // The request's bytes.

    /**
     * @return false when there is no stream, and the caller keeps the chunk
     */
    boolean requestBody(ByteBuf chunk) {
        if (over || upstream.isEmpty()) return false;
        exchange.body().pass(chunk);
        upstream.get().body(chunk);
        if (!upstream.get().isWritable()) exchange.caller().pause();
        return true;
    }

    void requestEnd(Headers trailers) {
        if (!over) upstream.ifPresent(stream -> stream.end(trailers));
    }

    void flushRequest() {
        if (!over) upstream.ifPresent(Upstream::flush);
    }

    @Override
    public void writable() {
        if (!over) exchange.caller().resume();
    }

    // The answer.

    @Override
    public void interim(ResponseHead head) {
        if (!over) exchange.caller().interim(head);
    }

    @Override
    public void head(ResponseHead head, boolean last) {
        if (over) return;
        if (Undelivered.isTold(head, forwarding.flight().cluster())) {
            undelivered();
            return;
        }
        if (!request.isGrpc() || head.status() != 200) forwarding.flight().answered(head.status());
        else if (last) observeCall(head.headers());
        if (isThrownAway(head, last)) return;
        begun(head);
        forwarding.decision().target().responseHeaders().applyTo(head.headers());
        forwarding.keep(head.headers(), endpoint);
        exchange.share(head.headers());
        // Over HTTP/2 a head that says all may still be followed by an empty end: the caller does not wait for it.
        exchange.caller().head(head, last || head.endsTheMessage(request.isHead()));
        if (last) done();
    }

    private void undelivered() {
        cancel();
        var why = new Reset(Reason.CONNECT_FAILED, Failure.CONNECT_FAILED, "its application does not listen");
        forwarding.flight().failed(why);
    }

    private void begun(ResponseHead head) {
        status = head.status();
        forwarding.flight().landed();
        exchange.body().forget();
        exchange.ledger().answerBegan(head.headers());
        if (status == 101) forwarding.flight().endless();
    }

    /** Whether the rules would rather have another attempt than this answer. */
    private boolean isThrownAway(ResponseHead head, boolean last) {
        var failure = failure(head, last);
        return failure.isPresent() && forwarding.flight().again(failure.get());
    }

    private Optional<Failure> failure(ResponseHead head, boolean last) {
        if (forwarding.flight().mayRetryStatus(head.status())) return Optional.of(new Failure.Status(head.status()));
        if (!last) return Optional.empty();
        var grpc = Ledger.grpcStatus(head.headers());
        return grpc.isPresent() && grpc.getAsInt() != 0
                ? Optional.of(new Failure.GrpcStatus(grpc.getAsInt()))
                : Optional.empty();
    }

    @Override
    public void body(ByteBuf chunk) {
        if (over) {
            chunk.release();
            return;
        }
        exchange.watch().touch();
        exchange.ledger().answered(chunk.readableBytes());
        exchange.caller().body(chunk);
        if (!exchange.caller().isWritable()) upstream.ifPresent(Upstream::pause);
    }

    void callerWritable() {
        if (!over) upstream.ifPresent(Upstream::resume);
    }

    @Override
    public void end(Headers trailers) {
        if (over) return;
        exchange.ledger().grpc(trailers);
        if (request.isGrpc() && status == 200) observeCall(trailers);
        exchange.caller().end(trailers);
        done();
    }

    @Override
    public void flush() {
        if (!over) exchange.caller().flush();
    }

    private void done() {
        over = true;
        exchange.end(Outcome.answered(status));
    }

    @Override
    public void reset(Reset why) {
        if (over) return;
        over = true;
        forwarding.flight().failed(why);
    }

    /** What the caller was answered; 0 before. */
    int status() {
        return status;
    }

    void cancel() {
        if (over) return;
        over = true;
        upstream.ifPresent(Upstream::cancel);
    }

    /** A call of gRPC fails with HTTP's 200: what counts is its own status, where it ends (Envoy's router does the same). */
    private void observeCall(Headers fields) {
        forwarding
                .flight()
                .answered(GrpcStatuses.asHttp(Ledger.grpcStatus(fields).orElse(0)));
    }
}
