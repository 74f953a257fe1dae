package io.tulle.proxy.flight;

import io.netty.util.concurrent.ScheduledFuture;
import io.tulle.model.Written;
import io.tulle.proxy.balance.Endpoint;
import io.tulle.proxy.balance.Pick;
import io.tulle.proxy.flight.State.Aloft;
import io.tulle.proxy.flight.State.Grounded;
import io.tulle.proxy.flight.State.Held;
import io.tulle.proxy.flight.State.Landing;
import io.tulle.proxy.flight.State.Over;
import io.tulle.proxy.flight.State.There;
import io.tulle.proxy.message.Reason;
import io.tulle.proxy.message.Reset;
import io.tulle.proxy.plan.Cluster;
import io.tulle.proxy.resilience.Failure;
import io.tulle.proxy.route.FaultPlan;
import io.tulle.proxy.route.Route;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One load on its way to an endpoint of a cluster, under its route's rules and its cluster's limits. Belongs to one event loop, and is
 * at each moment in one {@link State}.
 */
public final class Flight {
    private final Tower tower;
    private final Load load;
    private final Cluster cluster;
    private final Route route;
    /** Where alone it may go: the address that was dialled, towards a cluster that goes there. */
    private final Optional<Endpoint> dialled;

    private final Attempts attempts;
    private Optional<ScheduledFuture<?>> deadline = Optional.empty();
    private State state = Grounded.NOW;
    private OptionalLong hash = OptionalLong.empty();

    public Flight(Tower tower, Load load, Cluster cluster, Route route) {
        this.tower = tower;
        this.load = load;
        this.cluster = cluster;
        this.route = route;
        this.dialled = dialled(load, cluster);
        var kind = load.kind();
        this.attempts = Attempts.begin(
                route.retries(),
                kind.retries(route.retries(), dialled.isPresent() ? 1 : places(cluster)),
                load.replay(),
                kind.mayWait() ? route.timeout() : Optional.empty(),
                kind.budget(cluster),
                tower.now());
    }

    private static Optional<Endpoint> dialled(Load load, Cluster cluster) {
        if (cluster.dialled().isEmpty()) return Optional.empty();
        return load.dialled().flatMap(cluster.dialled().get()::at);
    }

    private static int places(Cluster cluster) {
        return cluster.endpoints().endpoints().size();
    }

    /** Sets off; it may be over before this returns. */
    public void begin() {
        if (attempts.deadlineNanos().isPresent()) {
            var left = attempts.deadlineNanos().getAsLong() - tower.now();
            deadline = Optional.of(tower.after(left, this::deadlinePassed));
        }
        var fault = route.faults().draw(tower.random());
        if (fault.isNone()) {
            go();
        } else if (fault.delay().isZero() || !load.kind().mayWait()) {
            goOrAbort(fault);
        } else {
            load.delayed();
            state = new Grounded(Optional.of(tower.after(fault.delay().toNanos(), () -> goOrAbort(fault))));
        }
    }

    private void goOrAbort(FaultPlan.Fault fault) {
        if (fault.answer().isPresent()) load.aborted(fault.answer().get());
        else go();
    }

    private void go() {
        if (load.kind().isRequest() && !cluster.limits().requests().tryTake()) {
            var detail = "too many requests towards " + cluster.spec().name();
            load.refused(Reason.OVER_LIMIT, detail, "");
            return;
        }
        state = Held.NOW;
        copy();
        attempt();
    }

    private void copy() {
        if (route.mirrors().mirrors().isEmpty()) return;
        load.copier().ifPresent(copier -> {
            for (var mirror : route.mirrors().draw(tower.random())) {
                var towards = copier.cluster(mirror.cluster());
                if (towards.isPresent()
                        && towards.get().balancer().pick(tower.random()) instanceof Pick.Chosen(var endpoint)) {
                    copier.copy(mirror, towards.get(), endpoint);
                } else {
                    copier.notCopied(mirror);
                }
            }
        });
    }

    private void attempt() {
        var only = only();
        if (only.isPresent()) {
            depart(only.get());
            return;
        }
        switch (pick()) {
            case Pick.NoneHealthy(var why) -> load.refused(Reason.NONE_HEALTHY, why, "");
            case Pick.Chosen(var endpoint) -> depart(endpoint);
        }
    }

    private Pick pick() {
        var balancer = cluster.balancer();
        if (!balancer.isHashed()) return balancer.pick(attempts.toAvoid(), tower.random());
        if (hash.isEmpty()) hash = OptionalLong.of(load.hash(route.hashing()).orElseGet(tower.random()::nextLong));
        return balancer.pick(hash.getAsLong(), attempts.toAvoid());
    }

    private Optional<Endpoint> only() {
        if (dialled.isPresent()) return dialled;
        return isRepeated() ? Optional.empty() : load.home();
    }

    private void depart(Endpoint to) {
        to.state().requestStarted();
        state = new Aloft(to, ownTime());
        load.depart(to);
    }

    private Optional<ScheduledFuture<?>> ownTime() {
        if (!load.kind().mayWait()) return Optional.empty();
        var now = tower.now();
        if (!attempts.endsBeforeDeadline(now)) return Optional.empty();
        return Optional.of(tower.after(attempts.timeLeftNanos(now).orElseThrow(), this::ownTimePassed));
    }

    private void hold(long nanos) {
        if (load.kind().mayWait()) state = new Held(Optional.of(tower.after(nanos, this::attempt)));
        else attempt();
    }

    // What its load tells.

    /** The answer has begun: it is the caller's, and nothing is tried again. */
    public void landed() {
        if (!(state instanceof Aloft(var at, var ownTime))) return;
        cancel(ownTime);
        state = new Landing(at);
    }

    /** The endpoint answered; for gRPC, its status as HTTP. */
    public void answered(int status) {
        if (cluster.outliers().isPresent() && state instanceof There there)
            cluster.outliers().get().answered(there.at(), status, tower.now());
    }

    /** Whether an answer of this status is worth asking {@link #again} about. */
    public boolean mayRetryStatus(int status) {
        return attempts.mayRetryStatus(status);
    }

    /** Whether an answer that came is thrown away for another attempt, which is then arranged. */
    public boolean again(Failure failure) {
        if (!(state instanceof Aloft aloft)) return false;
        if (!(next(failure, aloft.at()) instanceof Attempts.Again(var delay))) return false;
        leave();
        load.recall();
        hold(delay);
        return true;
    }

    /** The attempt came to nothing, or its answer broke off. */
    public void failed(Reset why) {
        if (!(state instanceof There there)) return;
        var at = there.at();
        if (why.reason() != Reason.OVER_LIMIT) unanswered(at);
        var next = isFinal(why.reason()) ? Attempts.GiveUp.NOT_RETRIABLE : next(why.failure(), at);
        leave();
        switch (next) {
            case Attempts.Again(var delay) -> hold(delay);
            case Attempts.GiveUp reason -> load.failed(why, at, reason == Attempts.GiveUp.EXHAUSTED && isRepeated());
        }
    }

    /** A limit that is reached is said at once, never tried again; and what the caller has seen some of cannot be. */
    private boolean isFinal(Reason reason) {
        return state instanceof Landing || reason == Reason.OVER_LIMIT || reason == Reason.OVERLOADED;
    }

    private Attempts.Next next(Failure failure, Endpoint at) {
        var next = attempts.failed(failure, Optional.of(at), load.isRepeatable(), tower.now(), tower.random());
        if (next instanceof Attempts.Again && Failure.mayHaveArrived(failure)) load.replayed();
        return next;
    }

    /** It goes on for as long as both sides like: a connection that switched protocols. */
    public void endless() {
        cancel(deadline);
    }

    /** Lets go of all that it holds, however it went; the attempt that is under way is recalled. */
    public void end() {
        if (state instanceof Over) return;
        cancel(deadline);
        leave();
        if (load.kind().isRequest() && !(state instanceof Grounded))
            cluster.limits().requests().giveBack();
        state = Over.OVER;
        load.recall();
        attempts.end();
    }

    // What it says of itself.

    public Cluster cluster() {
        return cluster;
    }

    /** Whether its answer has begun. */
    public boolean hasLanded() {
        return state instanceof Landing;
    }

    /** Whether an endpoint may have seen this load before. */
    public boolean isRepeated() {
        return attempts.number() > 1;
    }

    // Its timers.

    private void ownTimePassed() {
        load.recall();
        failed(new Reset(Reason.TIMEOUT, Failure.PER_TRY_TIMEOUT, "the attempt's own time is over"));
    }

    private void deadlinePassed() {
        if (state instanceof Aloft aloft) unanswered(aloft.at());
        leave();
        load.recall();
        var allowed = "route " + route.name() + " allows "
                + route.timeout().map(Written::duration).orElse("");
        load.refused(Reason.TIMEOUT, allowed, allowed);
    }

    /** Leaves the endpoint that it is at, or the wait that it is in. */
    private void leave() {
        switch (state) {
            case Grounded(var until) -> cancel(until);
            case Held(var until) -> cancel(until);
            case Aloft(var at, var ownTime) -> {
                cancel(ownTime);
                left(at);
            }
            case Landing(var at) -> left(at);
            case Over _ -> {}
        }
    }

    private void left(Endpoint at) {
        state = Held.NOW;
        at.state().requestEnded();
    }

    private static void cancel(Optional<ScheduledFuture<?>> timer) {
        timer.ifPresent(t -> t.cancel(false));
    }

    private void unanswered(Endpoint at) {
        cluster.outliers().ifPresent(heard -> heard.unanswered(at, tower.now()));
    }
}
