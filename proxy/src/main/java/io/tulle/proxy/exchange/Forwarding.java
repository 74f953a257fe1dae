package io.tulle.proxy.exchange;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.ScheduledFuture;
import io.tulle.model.Written;
import io.tulle.model.policy.FaultPolicy;
import io.tulle.proxy.balance.Endpoint;
import io.tulle.proxy.balance.Pick;
import io.tulle.proxy.message.Headers;
import io.tulle.proxy.message.Reason;
import io.tulle.proxy.message.RequestHead;
import io.tulle.proxy.message.Reset;
import io.tulle.proxy.plan.Cluster;
import io.tulle.proxy.report.Outcome;
import io.tulle.proxy.resilience.Attempts;
import io.tulle.proxy.resilience.Failure;
import io.tulle.proxy.resilience.GrpcStatuses;
import io.tulle.proxy.resilience.Replay;
import io.tulle.proxy.route.Decision;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The part of an exchange that goes to a cluster: faults, limits, deadline, one attempt after another. */
final class Forwarding {
    private final Exchange exchange;
    private final Decision.Forward decision;
    private final Cluster cluster;
    private final Attempts attempts;
    private Optional<RequestHead> prepared = Optional.empty();
    private Optional<Attempt> current = Optional.empty();
    private Optional<ScheduledFuture<?>> deadline = Optional.empty();
    private Optional<ScheduledFuture<?>> pause = Optional.empty();
    private Copies copies = Copies.NONE;
    private boolean counted;

    Forwarding(Exchange exchange, Decision.Forward decision, Cluster cluster) {
        this.exchange = exchange;
        this.decision = decision;
        this.cluster = cluster;
        this.attempts = Attempts.begin(
                decision.route().retries(),
                Replay.ofMethod(exchange.head().method()),
                decision.route().timeout(),
                cluster.limits().retries(),
                exchange.exchanges().now());
    }

    void begin() {
        attempts.deadlineNanos()
                .ifPresent(at ->
                        deadline = Optional.of(after(at - exchange.exchanges().now(), this::deadlinePassed)));
        var fault = decision.route().faults().draw(exchange.exchanges().shared().random());
        if (fault.isNone()) go();
        else if (fault.delay().isZero()) abort(fault.answer().orElseThrow());
        else delayed(fault.delay(), fault.answer());
    }

    private void delayed(Duration by, Optional<FaultPolicy.Answer> then) {
        exchange.ledger().delayed();
        pause = Optional.of(after(by.toNanos(), () -> then.ifPresentOrElse(this::abort, this::go)));
    }

    private void abort(FaultPolicy.Answer answer) {
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

    private void go() {
        if (exchange.hasEnded()) return;
        if (!cluster.limits().requests().tryTake()) {
            exchange.answer(
                    Reason.OVER_LIMIT,
                    "too many requests towards " + cluster.spec().name());
            return;
        }
        counted = true;
        var head = edited();
        prepared = Optional.of(head);
        copies = Copies.of(exchange, decision.route(), head);
        exchange.body().showTo(copies);
        attempt();
    }

    /** The request as it is forwarded: the route's and the leg's edits, made once for all attempts. */
    private RequestHead edited() {
        var head = exchange.head();
        var target = decision.target();
        var headers = target.requestHeaders().isEmpty()
                ? head.headers()
                : head.headers().copy();
        target.requestHeaders().applyTo(headers);
        return head.as(decision.path().apply(head.path()), target.authority().orElse(head.authority()), headers);
    }

    private void attempt() {
        if (exchange.hasEnded()) return;
        switch (cluster.balancer()
                .pick(attempts.toAvoid(), exchange.exchanges().shared().random())) {
            case Pick.NoneHealthy(var why) -> exchange.answer(Reason.NONE_HEALTHY, why);
            case Pick.Chosen(var endpoint) -> {
                exchange.ledger().attempt(endpoint);
                var next = new Attempt(this, endpoint, prepared.orElseThrow());
                current = Optional.of(next);
                next.begin();
            }
        }
    }

    // What an attempt asks and tells.

    Exchange exchange() {
        return exchange;
    }

    Cluster cluster() {
        return cluster;
    }

    Attempts attempts() {
        return attempts;
    }

    Decision.Forward decision() {
        return decision;
    }

    ScheduledFuture<?> after(long nanos, Runnable what) {
        return exchange.exchanges().loop().schedule(what, Math.max(0, nanos), TimeUnit.NANOSECONDS);
    }

    /** Says what follows a failed attempt, and arranges it. */
    void failed(Failure failure, Endpoint at, Reset why) {
        current = Optional.empty();
        if (exchange.hasEnded()) return;
        if (why.reason() == Reason.OVER_LIMIT || why.reason() == Reason.OVERLOADED) {
            giveUp(why, at, false); // a limit that is reached is said at once, never tried again
            return;
        }
        switch (next(failure, at)) {
            case Attempts.Again(var delay) -> pause = Optional.of(after(delay, this::attempt));
            case Attempts.GiveUp reason ->
                giveUp(why, at, reason == Attempts.GiveUp.EXHAUSTED && attempts.number() > 1);
        }
    }

    /** Whether an answer that came should be thrown away for another attempt, which is then arranged. */
    boolean again(Failure failure, Endpoint at) {
        if (!(next(failure, at) instanceof Attempts.Again(var delay))) return false;
        current = Optional.empty();
        pause = Optional.of(after(delay, this::attempt));
        return true;
    }

    private Attempts.Next next(Failure failure, Endpoint at) {
        var exchanges = exchange.exchanges();
        var replayable = exchange.body().isReplayable();
        var next = attempts.failed(
                failure,
                Optional.of(at),
                replayable,
                exchanges.now(),
                exchanges.shared().random());
        if (next instanceof Attempts.Again && Failure.mayHaveArrived(failure))
            exchange.ledger().replayed();
        return next;
    }

    private void giveUp(Reset why, Endpoint at, boolean exhausted) {
        var reason = why.reason();
        var detail = at + ": " + why.detail();
        var answer = MeshAnswer.to(
                exchange.head(),
                reason,
                reason.status(),
                exchange.ledger().requestId(),
                at.spec().instance());
        Undelivered.mark(answer, why, cluster, exchange.connection());
        var unseen = why.failure() instanceof Failure.ConnectFailed;
        exchange.answer(answer, new Outcome(reason.status(), Optional.of(reason), exhausted, detail, unseen));
    }

    private void deadlinePassed() {
        if (exchange.hasEnded()) return;
        var begun = current.map(Attempt::hasBegun).orElse(false);
        current.ifPresent(Attempt::timedOut);
        var timeout = decision.route().timeout().map(Written::duration).orElse("");
        var detail = "route " + decision.route().name() + " allows " + timeout;
        if (begun) {
            exchange.caller().abort(Reason.TIMEOUT);
            exchange.end(new Outcome(answeredStatus(), Optional.of(Reason.TIMEOUT), false, detail, false));
        } else {
            exchange.answer(Reason.TIMEOUT, Reason.TIMEOUT.status(), detail, detail);
        }
    }

    /** A switched connection has no deadline: it lives as long as both sides like. */
    void switched() {
        deadline.ifPresent(timer -> timer.cancel(false));
    }

    int answeredStatus() {
        return current.map(Attempt::status).orElse(0);
    }

    // What the caller says, passed on to the attempt that is under way.

    boolean body(ByteBuf chunk) {
        copies.body(chunk);
        return current.isPresent() && current.get().requestBody(chunk);
    }

    void requestEnded(Headers trailers) {
        copies.end(trailers);
        current.ifPresent(attempt -> attempt.requestEnd(trailers));
    }

    void flushRequest() {
        current.ifPresent(Attempt::flushRequest);
    }

    void callerWritable() {
        current.ifPresent(Attempt::callerWritable);
    }

    void end() {
        deadline.ifPresent(timer -> timer.cancel(false));
        pause.ifPresent(timer -> timer.cancel(false));
        current.ifPresent(Attempt::cancel);
        copies.requestOver();
        attempts.end();
        if (counted) cluster.limits().requests().giveBack();
        counted = false;
    }
}
