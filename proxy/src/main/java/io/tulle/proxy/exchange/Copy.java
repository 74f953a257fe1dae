package io.tulle.proxy.exchange;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.ScheduledFuture;
import io.tulle.proxy.balance.Endpoint;
import io.tulle.proxy.message.FromUpstream;
import io.tulle.proxy.message.Headers;
import io.tulle.proxy.message.Reason;
import io.tulle.proxy.message.RequestHead;
import io.tulle.proxy.message.Reset;
import io.tulle.proxy.message.ResponseHead;
import io.tulle.proxy.message.Upstream;
import io.tulle.proxy.plan.Cluster;
import io.tulle.proxy.pool.Dial;
import io.tulle.proxy.pool.Lease;
import io.tulle.proxy.pool.UpstreamConnection;
import io.tulle.proxy.report.ExchangeListener.Copied;
import io.tulle.proxy.resilience.GrpcStatuses;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * One copy of a request on its way to a mirror: one attempt at one endpoint, whose answer is read and thrown away. Bytes
 * that the mirror does not take at once are kept up to a bound; past it the copy ends, and the request goes on.
 *
 * <pre>
 *   begin --> leased --> streaming --> whole --> answered, or waited for long enough
 *      '---------'-----------'-- dropped, failed, the request over before it was whole
 * </pre>
 */
final class Copy implements Lease {
    /** How many bytes of one request wait for its mirror at most. */
    static final int MOST_HELD = 1024 * 1024;

    /** How long a mirror may take to answer; Envoy's default for a route. */
    static final Duration PATIENCE = Duration.ofSeconds(15);

    /** What keeping a chunk costs beside its bytes. */
    private static final int CHUNK = 128;

    private final Exchanges exchanges;
    private final Cluster cluster;
    private final Endpoint endpoint;
    private final RequestHead head;
    private final Deque<ByteBuf> kept = new ArrayDeque<>(2);
    private Optional<Upstream> upstream = Optional.empty();
    private Optional<ScheduledFuture<?>> patience = Optional.empty();
    private Headers trailers = Headers.empty();
    private int held;
    private boolean whole;
    private boolean sent;
    private boolean heard;
    private boolean over;

    /** Room and a request of the cluster are taken for it already. */
    Copy(Exchanges exchanges, Cluster cluster, Endpoint endpoint, RequestHead head) {
        this.exchanges = exchanges;
        this.cluster = cluster;
        this.endpoint = endpoint;
        this.head = head;
    }

    void begin(InetSocketAddress caller) {
        endpoint.state().requestStarted();
        exchanges.shared().pools().lease(new Dial(cluster, endpoint.spec(), caller), this);
    }

    // What the request says.

    void body(ByteBuf chunk) {
        if (over) return;
        if (kept.isEmpty() && upstream.isPresent() && upstream.get().isWritable()) {
            upstream.get().body(chunk.retainedDuplicate());
            upstream.get().flush();
        } else {
            keep(chunk);
        }
    }

    private void keep(ByteBuf chunk) {
        var cost = chunk.readableBytes() + CHUNK;
        if (held + cost > MOST_HELD || !exchanges.shared().copies().tryHold(cost)) {
            cut(Copied.DROPPED);
            return;
        }
        held += cost;
        kept.add(chunk.retainedDuplicate());
    }

    void end(Headers last) {
        if (over || whole) return;
        whole = true;
        trailers = last.copy();
        patience = Optional.of(exchanges.loop().schedule(this::late, PATIENCE.toNanos(), TimeUnit.NANOSECONDS));
        if (upstream.isPresent()) pour(upstream.get());
    }

    void requestOver() {
        if (!whole) cut(Copied.FAILED);
    }

    // The lease.

    @Override
    public void ready(UpstreamConnection connection) {
        var stream = connection.open(new Answer());
        upstream = Optional.of(stream);
        var empty = whole && kept.isEmpty() && trailers.isEmpty();
        stream.head(head, empty);
        if (empty) handedOver();
        else pour(stream);
        stream.flush();
    }

    @Override
    public void failed(Reset why) {
        if (why.reason() != Reason.OVER_LIMIT) unanswered();
        ended(why.reason() == Reason.OVER_LIMIT ? Copied.DROPPED : Copied.FAILED);
    }

    @Override
    public boolean isOver() {
        return over;
    }

    private void pour(Upstream stream) {
        while (!over && !kept.isEmpty() && stream.isWritable()) {
            var chunk = kept.remove();
            var cost = chunk.readableBytes() + CHUNK;
            held -= cost;
            exchanges.shared().copies().letGo(cost);
            stream.body(chunk);
        }
        if (!over && whole && kept.isEmpty() && !sent) {
            handedOver();
            stream.end(trailers);
        }
        stream.flush();
    }

    private void handedOver() {
        sent = true;
        exchanges.shared().observers().exchanges().copied(cluster.spec().name(), Copied.SENT);
    }

    /** What the mirror says: nobody hears it. */
    private final class Answer implements FromUpstream {
        @Override
        public void interim(ResponseHead answer) {}

        @Override
        public void head(ResponseHead answer, boolean last) {
            if (Undelivered.isTold(answer, cluster)) unanswered();
            else if (!head.isGrpc() || answer.status() != 200) answered(answer.status());
            else if (last) answered(answer.headers());
            if (last) ended(Copied.FAILED);
        }

        @Override
        public void body(ByteBuf chunk) {
            chunk.release();
        }

        @Override
        public void end(Headers last) {
            if (head.isGrpc()) answered(last);
            ended(Copied.FAILED);
        }

        @Override
        public void flush() {}

        @Override
        public void writable() {
            if (!over) upstream.ifPresent(Copy.this::pour);
        }

        @Override
        public void reset(Reset why) {
            unanswered();
            ended(Copied.FAILED);
        }
    }

    // What outlier detection hears, once: the same as of a request.

    private void answered(Headers fields) {
        answered(GrpcStatuses.asHttp(Ledger.grpcStatus(fields).orElse(0)));
    }

    private void answered(int status) {
        if (over || heard) return;
        heard = true;
        cluster.outliers().ifPresent(hears -> hears.answered(endpoint, status, now()));
    }

    private void unanswered() {
        if (over || heard) return;
        heard = true;
        cluster.outliers().ifPresent(hears -> hears.unanswered(endpoint, now()));
    }

    private long now() {
        return exchanges.shared().now();
    }

    private void late() {
        unanswered();
        cut(Copied.FAILED);
    }

    // Its end.

    private void cut(Copied why) {
        if (over) return;
        ended(why);
        upstream.ifPresent(Upstream::cancel);
    }

    /** @param unsent what to say of it where it has not been handed over whole */
    private void ended(Copied unsent) {
        if (over) return;
        over = true;
        patience.ifPresent(timer -> timer.cancel(false));
        kept.forEach(ByteBuf::release);
        kept.clear();
        exchanges.shared().copies().letGo(held);
        held = 0;
        exchanges.shared().copies().ended();
        cluster.limits().requests().giveBack();
        endpoint.state().requestEnded();
        if (!sent)
            exchanges.shared().observers().exchanges().copied(cluster.spec().name(), unsent);
    }
}
