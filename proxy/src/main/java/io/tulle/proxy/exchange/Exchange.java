package io.tulle.proxy.exchange;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.tulle.proxy.filter.FilterChain;
import io.tulle.proxy.filter.Inquiry;
import io.tulle.proxy.filter.PeerFacts;
import io.tulle.proxy.filter.Verdict;
import io.tulle.proxy.observe.Tracing;
import io.tulle.proxy.plan.Chain;
import io.tulle.proxy.plan.Plan;
import io.tulle.proxy.route.Decision;
import io.tulle.proxy.route.RequestFacts;
import io.tulle.proxy.route.RouteTable;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request from head to outcome, on one event loop, with one plan to its end.
 *
 * <pre>
 *   begin --> filters --> route --> Forwarding (attempts, relay) --> end(Outcome)
 *                |          '--> redirect, reply, no route ----------^
 *                '--> denied ---------------------------------------'
 * </pre>
 */
final class Exchange implements FromCaller, Inquiry, FilterChain.Next {
    private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);

    private final Exchanges exchanges;
    private final Connection connection;
    private final RequestHead head;
    private final Caller caller;
    private final RequestBody body;
    private final String requestId;
    private final Ledger ledger;
    private final Plan plan;
    private final IdleWatch watch;
    private Optional<RouteTable> routes = Optional.empty();
    private Optional<Forwarding> forwarding = Optional.empty();
    private boolean tellsPolicies;
    private boolean over;

    Exchange(Exchanges exchanges, Connection connection, RequestHead head, boolean whole, Caller caller) {
        this.exchanges = exchanges;
        this.connection = connection;
        this.head = head;
        this.caller = caller;
        this.body = new RequestBody(exchanges.settings().replayBytes(), whole);
        this.requestId = CallerHeaders.settle(connection, head.headers(), exchanges.random());
        var trace = Tracing.enter(head.headers(), exchanges.settings().traces(), exchanges.random());
        this.ledger = new Ledger(exchanges, connection, head, requestId, trace);
        this.plan = exchanges.plan().current();
        this.watch = new IdleWatch(exchanges, exchanges.settings().idle(), this::idle);
    }

    void begin() {
        watch.begin();
        var chain = plan.chain(connection.destination());
        routes = chain.flatMap(found -> found.routes());
        tellsPolicies = chain.map(Chain::tellsPolicies).orElse(false);
        if (chain.isEmpty() || routes.isEmpty()) {
            answer(Reason.NOT_SERVED, connection.destination().toString());
            return;
        }
        if (chain.get().filters().isEmpty()) admitted();
        else
            new FilterChain(chain.get().filters(), broken -> LOG.error("TUL1610 a filter failed", broken))
                    .ask(this, this);
    }

    @Override
    public void admitted() {
        var decision = routes.orElse(RouteTable.EMPTY).route(head, exchanges.random());
        switch (decision) {
            case Decision.Forward forward -> forward(forward);
            case Decision.Redirect redirect -> {
                ledger.routed(redirect.route().name());
                redirect(redirect);
            }
            case Decision.Reply reply -> {
                ledger.routed(reply.route().name());
                answer(Reason.NO_CLUSTER, reply.status(), reply.reason(), reply.reason());
            }
            case Decision.NoRoute _ -> answer(Reason.NO_ROUTE, head.method() + " " + head.path());
        }
    }

    @Override
    public void answered(Verdict.Answer no) {
        var reason = switch (no.reason().kind()) {
            case DENIED, NOT_ALLOWED -> Reason.DENIED;
            case FILTER_FAILED -> Reason.FILTER_FAILED;
            case FAULT -> Reason.FAULT_INJECTED;
        };
        var told = tellsPolicies ? no.reason().detail() : "";
        answer(reason, no.status(), no.reason().detail(), told);
    }

    private void forward(Decision.Forward forward) {
        ledger.routed(forward.route().name());
        var cluster = plan.cluster(forward.target().cluster());
        if (cluster.isEmpty()) {
            answer(Reason.NO_CLUSTER, forward.target().cluster());
            return;
        }
        ledger.towards(cluster.get());
        var next = new Forwarding(this, forward, cluster.get());
        forwarding = Optional.of(next);
        next.begin();
    }

    private void redirect(Decision.Redirect redirect) {
        var fields = Headers.of("location", redirect.location(), "content-length", "0", "x-request-id", requestId);
        caller.head(new ResponseHead(redirect.status(), fields), true);
        end(new Outcome(redirect.status(), Optional.empty(), false, "direct_response", true));
    }

    void answer(Reason reason, String detail) {
        answer(reason, reason.status(), detail, "");
    }

    /**
     * Answers in the application's place and ends the exchange.
     *
     * @param told what the caller may know of the detail
     */
    void answer(Reason reason, int status, String detail, String told) {
        answer(
                MeshAnswer.to(head, reason, status, requestId, told),
                new Outcome(status, Optional.of(reason), false, detail, true));
    }

    void answer(MeshAnswer answer, Outcome outcome) {
        if (over) return;
        var last = answer.text().isEmpty() || head.isHead();
        caller.head(answer.head(), last);
        if (!last) {
            var text = answer.body(ByteBufAllocator.DEFAULT);
            ledger.answered(text.readableBytes());
            caller.body(text);
            caller.end(Headers.empty());
        }
        caller.flush();
        end(outcome);
    }

    /** Exactly once: all that this exchange holds is let go, and whoever listens is told. */
    void end(Outcome outcome) {
        if (over) return;
        over = true;
        watch.end();
        body.forget();
        forwarding.ifPresent(Forwarding::end);
        ledger.end(outcome, body.received());
    }

    // What the caller says.

    @Override
    public void body(ByteBuf chunk) {
        watch.touch();
        if (over) chunk.release();
        else if (forwarding.isEmpty() || !forwarding.get().body(chunk)) hold(chunk);
    }

    private void hold(ByteBuf chunk) {
        body.hold(chunk);
        if (body.isOverLimit()) caller.pause();
    }

    @Override
    public void end(Headers trailers) {
        if (over) return;
        body.end(trailers);
        forwarding.ifPresent(f -> f.requestEnded(trailers));
    }

    @Override
    public void flush() {
        if (!over) forwarding.ifPresent(Forwarding::flushRequest);
    }

    @Override
    public void writable() {
        if (!over) forwarding.ifPresent(Forwarding::callerWritable);
    }

    @Override
    public void gone(Reason reason) {
        var status = forwarding.map(Forwarding::answeredStatus).orElse(0);
        end(new Outcome(status, Optional.of(reason), false, "downstream_remote_disconnect", false));
    }

    private void idle() {
        var answered = forwarding.map(Forwarding::answeredStatus).orElse(0);
        if (answered == 0) {
            answer(Reason.IDLE, "for " + exchanges.settings().idle());
            return;
        }
        caller.abort(Reason.IDLE);
        end(new Outcome(
                answered,
                Optional.of(Reason.IDLE),
                false,
                "for " + exchanges.settings().idle(),
                false));
    }

    IdleWatch watch() {
        return watch;
    }

    // What filters and the parts of this exchange ask.

    @Override
    public PeerFacts peer() {
        return connection.facts();
    }

    @Override
    public RequestFacts request() {
        return head;
    }

    @Override
    public boolean hasEnded() {
        return over;
    }

    @Override
    public Executor executor() {
        return exchanges.loop();
    }

    Exchanges exchanges() {
        return exchanges;
    }

    Connection connection() {
        return connection;
    }

    RequestHead head() {
        return head;
    }

    RequestBody body() {
        return body;
    }

    Caller caller() {
        return caller;
    }

    Ledger ledger() {
        return ledger;
    }
}
