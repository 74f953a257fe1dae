package io.tulle.proxy.exchange;

import io.netty.buffer.ByteBuf;
import io.tulle.model.policy.FaultPolicy;
import io.tulle.proxy.balance.Endpoint;
import io.tulle.proxy.flight.Copier;
import io.tulle.proxy.flight.Flight;
import io.tulle.proxy.flight.Kind;
import io.tulle.proxy.flight.Load;
import io.tulle.proxy.message.Headers;
import io.tulle.proxy.message.Reason;
import io.tulle.proxy.message.RequestHead;
import io.tulle.proxy.message.Reset;
import io.tulle.proxy.plan.Cluster;
import io.tulle.proxy.report.Outcome;
import io.tulle.proxy.resilience.Failure;
import io.tulle.proxy.resilience.GrpcStatuses;
import io.tulle.proxy.resilience.Replay;
import io.tulle.proxy.route.Decision;
import io.tulle.proxy.route.HashPlan;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** A request as the load of a flight: its edits, its attempts at one endpoint after another, and what its caller is told. */
final class Forwarding implements Load {
    private final Exchange exchange;
    private final Decision.Forward decision;
    private final RequestHead request;
    private final Flight flight;
    private Optional<Attempt> current = Optional.empty();
    private Optional<Copies> copies = Optional.empty();
    private List<String> cookies = List.of();

    Forwarding(Exchange exchange, Decision.Forward decision, Cluster cluster) {
        this.exchange = exchange;
        this.decision = decision;
        this.request = edited(exchange.head(), decision);
        this.flight = new Flight(exchange.exchanges().shared().tower(), this, cluster, decision.route());
    }

    /** The request as it is forwarded: the route's and the leg's edits, made once for all attempts. */
    private static RequestHead edited(RequestHead head, Decision.Forward decision) {
        var target = decision.target();
        var headers = target.requestHeaders().isEmpty()
                ? head.headers()
                : head.headers().copy();
        target.requestHeaders().applyTo(headers);
        return head.as(decision.path().apply(head.path()), target.authority().orElse(head.authority()), headers);
    }

    void begin() {
        flight.begin();
    }

    // What it says of itself.

    @Override
    public Kind kind() {
        return Kind.EXCHANGE;
    }

    @Override
    public Replay replay() {
        return Replay.ofMethod(exchange.head().method());
    }

    @Override
    public boolean isRepeatable() {
        return exchange.body().isReplayable();
    }

    @Override
    public Optional<InetAddress> dialled() {
        return exchange.connection().dialled();
    }

    /** Where its session is at home. */
    @Override
    public Optional<Endpoint> home() {
        if (decision.route().session().isNone()) return Optional.empty();
        return sessionPlace().flatMap(flight.cluster().endpoints()::at);
    }

    private Optional<String> sessionPlace() {
        return decision.route()
                .session()
                .place(exchange.head(), exchange.exchanges().shared().clock());
    }

    @Override
    public OptionalLong hash(HashPlan rules) {
        var shared = exchange.exchanges().shared();
        var drawn = rules.draw(exchange.head(), exchange.connection().remote().getAddress(), shared.random());
        cookies = drawn.cookies();
        return drawn.hash();
    }

    /** A request that switches protocols is not copied: its bytes are a conversation. */
    @Override
    public Optional<Copier> copier() {
        if (request.upgrade().isPresent()) return Optional.empty();
        copies = Optional.of(new Copies(exchange, request));
        return Optional.of(copies.get());
    }

    // What its flight tells it.

    @Override
    public void depart(Endpoint to) {
        exchange.ledger().attempt(to);
        var next = new Attempt(this, to, request);
        current = Optional.of(next);
        next.begin();
    }

    @Override
    public void recall() {
        current.ifPresent(Attempt::cancel);
    }

    @Override
    public void delayed() {
        exchange.ledger().delayed();
    }

    @Override
    public void replayed() {
        exchange.ledger().replayed();
    }

    @Override
    public void aborted(FaultPolicy.Answer answer) {
        switch (answer) {
            case FaultPolicy.Answer.Http(var status) ->
                exchange.answer(Reason.FAULT_INJECTED, status, "fault_filter_abort", "");
            case FaultPolicy.Answer.Grpc(var code) -> {
                // Envoy's too: whoever does not speak gRPC is told the HTTP status that it stands for.
                if (exchange.head().isGrpc()) abortCall(code);
                else exchange.answer(Reason.FAULT_INJECTED, GrpcStatuses.asHttp(code), "fault_filter_abort", "");
            }
        }
    }

    private void abortCall(int grpcStatus) {
        var why = Reason.FAULT_INJECTED;
        var answer = MeshAnswer.ofGrpc(why, grpcStatus, exchange.ledger().requestId(), "");
        exchange.answer(answer, new Outcome(200, Optional.of(why), false, "fault_filter_abort", true));
    }

    @Override
    public void refused(Reason reason, String detail, String told) {
        exchange.cut(reason, reason.status(), detail, told);
    }

    @Override
    public void failed(Reset why, Endpoint at, boolean exhausted) {
        var reason = why.reason();
        var detail = at + ": " + why.detail();
        if (answeredStatus() != 0) {
            exchange.cut(reason, reason.status(), detail, "");
            return;
        }
        var answer = MeshAnswer.to(
                exchange.head(),
                reason,
                reason.status(),
                exchange.ledger().requestId(),
                why.told(at.spec().instance()));
        Undelivered.mark(answer, why, flight.cluster(), exchange.connection());
        var unseen = why.failure() instanceof Failure.ConnectFailed;
        exchange.answer(answer, new Outcome(reason.status(), Optional.of(reason), exhausted, detail, unseen));
    }

    // What an attempt asks.

    Exchange exchange() {
        return exchange;
    }

    Flight flight() {
        return flight;
    }

    Decision.Forward decision() {
        return decision;
    }

    /** What is said to the caller beside the answer, so that it comes back to the same endpoint. */
    void keep(Headers answer, Endpoint at) {
        var session = decision.route().session();
        if (!session.isNone() && sessionPlace().filter(at.place()::equals).isEmpty())
            session.tell(at.place(), answer, exchange.exchanges().shared().clock());
        for (var cookie : cookies) answer.add("set-cookie", cookie);
    }

    int answeredStatus() {
        return current.map(Attempt::status).orElse(0);
    }

    // What the caller says, passed on to the attempt that is under way.

    boolean body(ByteBuf chunk) {
        copies.ifPresent(all -> all.body(chunk));
        return current.isPresent() && current.get().requestBody(chunk);
    }

    void requestEnded(Headers trailers) {
        copies.ifPresent(all -> all.end(trailers));
        current.ifPresent(attempt -> attempt.requestEnd(trailers));
    }

    void flushRequest() {
        current.ifPresent(Attempt::flushRequest);
    }

    void callerWritable() {
        current.ifPresent(Attempt::callerWritable);
    }

    void end() {
        flight.end();
        copies.ifPresent(Copies::requestOver);
    }
}
