package io.tulle.proxy.nesttcp;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.ScheduledFuture;
import io.tulle.model.Written;
import io.tulle.model.policy.FaultPolicy;
import io.tulle.proxy.balance.Pick;
import io.tulle.proxy.flight.Attempts;
import io.tulle.proxy.message.Reason;
import io.tulle.proxy.message.RequestHead;
import io.tulle.proxy.plan.Cluster;
import io.tulle.proxy.report.Outcome;
import io.tulle.proxy.resilience.Failure;
import io.tulle.proxy.resilience.Replay;
import io.tulle.proxy.route.Decision;
import io.tulle.proxy.route.Route;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A message that is answered, by one reply or a stream of them.
 *
 * <pre>
 *   begin --> routed --> attempt --> sent --> replies --> last reply
 *      '---------'----------^---------' failed    '--------- broken: an err that names the endpoint
 * </pre>
 */
final class Call extends Delivery {
    private final CallId id;
    private Optional<Cluster> cluster = Optional.empty();
    private Optional<Attempts> attempts = Optional.empty();
    private Optional<Link> at = Optional.empty();
    private Optional<ScheduledFuture<?>> deadline = Optional.empty();
    private Optional<ScheduledFuture<?>> pause = Optional.empty();
    private Optional<ScheduledFuture<?>> ownTime = Optional.empty();
    private Optional<Route> route = Optional.empty();
    private boolean counted;
    private boolean begun;
    private String sentAs = "";
    private int kept;

    Call(NestTcpDoor door, Parcel parcel, RequestHead head, MessageContext context, CallId id) {
        super(door, parcel, head, context);
        this.id = id;
    }

    CallId id() {
        return id;
    }

    /** Under which id its link knows it; empty while it waits. */
    String sentAs() {
        return sentAs;
    }

    void sentAs(String key) {
        sentAs = key;
    }

    /** Whether an endpoint may have seen this call under its own id already. */
    boolean isRepeated() {
        return attempts.map(a -> a.number() > 1).orElse(false);
    }

    /** Whether the client has seen a reply. */
    boolean hasBegun() {
        return begun;
    }

    @Override
    protected void forward(Decision.Forward decision, Cluster towards) {
        var now = door().doors().shared().now();
        var taken = decision.route();
        route = Optional.of(taken);
        var retries = towards.limits().retries();
        var all = Attempts.begin(taken.retries(), Replay.UNKNOWN, taken.timeout(), retries, now);
        cluster = Optional.of(towards);
        attempts = Optional.of(all);
        var allowed = "route " + taken.name() + " allows "
                + taken.timeout().map(Written::duration).orElse("");
        all.deadlineNanos().ifPresent(end -> deadline = Optional.of(after(end - now, () -> timedOut(allowed))));
        var fault = taken.faults().draw(door().doors().shared().random());
        Runnable then = () -> fault.answer().ifPresentOrElse(this::abort, this::go);
        if (fault.delay().isZero()) {
            then.run();
            return;
        }
        ledger().delayed();
        pause = Optional.of(after(fault.delay().toNanos(), then));
    }

    private void abort(FaultPolicy.Answer answer) {
        var status = answer instanceof FaultPolicy.Answer.Http(var http) ? http : Reason.FAULT_INJECTED.status();
        answer(Reason.FAULT_INJECTED, status, "fault_filter_abort", "");
    }

    private void go() {
        if (hasEnded() || cluster.isEmpty()) return;
        var towards = cluster.get();
        if (!towards.limits().requests().tryTake()) {
            answer(
                    Reason.OVER_LIMIT,
                    "too many requests towards " + towards.spec().name());
            return;
        }
        counted = true;
        route.ifPresent(this::copyToMirrors);
        attempt(towards);
    }

    private void attempt(Cluster towards) {
        if (hasEnded()) return;
        var all = attempts.orElseThrow();
        switch (door().pick(towards, all.toAvoid())) {
            case Pick.NoneHealthy(var why) -> answer(Reason.NONE_HEALTHY, why);
            case Pick.Chosen(var endpoint) -> {
                ledger().attempt(endpoint);
                endpoint.state().requestStarted();
                var link = door().link(towards, endpoint);
                at = Optional.of(link);
                var now = door().doors().shared().now();
                if (all.endsBeforeDeadline(now)) {
                    var left = all.timeLeftNanos(now).orElseThrow();
                    ownTime = Optional.of(after(left, () -> ownTimePassed(link)));
                }
                link.send(this);
            }
        }
    }

    @Override
    void sent() {
        if (kept > 0) return; // kept since the first attempt
        if (door().mayKeep(parcel().bytes())) {
            kept = parcel().bytes();
            door().keeps(kept);
        } else {
            parcel().release();
        }
    }

    // What the endpoint's connection says.

    /** A reply, which stays the link's. */
    void replied(ByteBuf body, long units, Message reply) {
        var status = reply.hasError() ? ErrorReply.status(reply.error()) : 200;
        begun = true;
        forget();
        ownTime.ifPresent(timer -> timer.cancel(false));
        ledger().answerBegan();
        ledger().answered(body.readableBytes());
        door().pass(body, units);
        if (!reply.isLast()) return;
        // An error that the application gives is its answer, and says nothing against the endpoint.
        var towards = cluster.orElseThrow();
        var now = door().doors().shared().now();
        towards.outliers().ifPresent(o -> at.ifPresent(link -> o.answered(link.endpoint(), 200, now)));
        end(Outcome.answered(status));
    }

    @Override
    void unsent(Link link, Throwable cause) {
        failed(link, Failure.CONNECT_FAILED, unreached(cause), String.valueOf(cause.getMessage()));
    }

    /** The attempt came to nothing. */
    void failed(Link link, Failure failure, Reason reason, String detail) {
        if (hasEnded()) return;
        leave();
        var towards = cluster.orElseThrow();
        var now = door().doors().shared().now();
        if (reason != Reason.OVER_LIMIT) towards.outliers().ifPresent(o -> o.unanswered(link.endpoint(), now));
        var all = attempts.orElseThrow();
        var next = begun || reason == Reason.OVER_LIMIT || reason == Reason.BAD_ANSWER
                ? Attempts.GiveUp.NOT_RETRIABLE
                : all.failed(
                        failure,
                        Optional.of(link.endpoint()),
                        parcel().isThere(),
                        now,
                        door().doors().shared().random());
        if (next instanceof Attempts.Again(var delay)) {
            if (Failure.mayHaveArrived(failure)) ledger().replayed();
            pause = Optional.of(after(delay, () -> attempt(towards)));
            return;
        }
        var exhausted = next == Attempts.GiveUp.EXHAUSTED && all.number() > 1;
        var unseen = failure instanceof Failure.ConnectFailed;
        var told = link.endpoint() + ": " + detail;
        refuse(
                new Outcome(reason.status(), Optional.of(reason), exhausted, told, unseen),
                link.endpoint().spec().instance());
    }

    private void ownTimePassed(Link link) {
        if (hasEnded() || begun) return;
        failed(link, Failure.PER_TRY_TIMEOUT, Reason.TIMEOUT, "the attempt's own time is over");
    }

    private void timedOut(String allowed) {
        if (hasEnded()) return;
        var now = door().doors().shared().now();
        if (!begun) {
            at.ifPresent(link -> cluster.flatMap(Cluster::outliers).ifPresent(o -> o.unanswered(link.endpoint(), now)));
        }
        answer(Reason.TIMEOUT, Reason.TIMEOUT.status(), allowed, allowed);
    }

    // Its end.

    @Override
    void tell(Reason reason, String told) {
        var message = reason.code() + " " + reason.title() + (told.isEmpty() ? "" : ": " + told) + " (flag "
                + reason.flag().written() + ")";
        door().tell(id, reason.code(), message, ledger().requestId());
    }

    @Override
    void write(Decision.Reply reply) {
        door().write(id, reply.status() < 400, reply.body());
    }

    /** Lets go of the endpoint that it is at. */
    private void leave() {
        ownTime.ifPresent(timer -> timer.cancel(false));
        at.ifPresent(link -> {
            link.forget(this);
            link.endpoint().state().requestEnded();
        });
        at = Optional.empty();
        sentAs = "";
    }

    /** No other attempt will be made: the bytes kept for one are let go. */
    private void forget() {
        door().keeps(-kept);
        kept = 0;
        parcel().release();
    }

    @Override
    void finish() {
        deadline.ifPresent(timer -> timer.cancel(false));
        pause.ifPresent(timer -> timer.cancel(false));
        leave();
        forget();
        attempts.ifPresent(Attempts::end);
        if (counted) cluster.orElseThrow().limits().requests().giveBack();
        counted = false;
        door().ended(this);
    }

    private ScheduledFuture<?> after(long nanos, Runnable what) {
        return door().loop().schedule(what, Math.max(0, nanos), TimeUnit.NANOSECONDS);
    }
}
