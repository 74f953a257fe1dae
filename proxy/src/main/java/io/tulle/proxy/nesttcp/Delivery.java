package io.tulle.proxy.nesttcp;

import io.tulle.model.policy.FaultPolicy;
import io.tulle.proxy.balance.Endpoint;
import io.tulle.proxy.exchange.Admission;
import io.tulle.proxy.exchange.Ledger;
import io.tulle.proxy.flight.Copier;
import io.tulle.proxy.flight.Flight;
import io.tulle.proxy.flight.Load;
import io.tulle.proxy.message.Reason;
import io.tulle.proxy.message.RequestHead;
import io.tulle.proxy.message.Reset;
import io.tulle.proxy.plan.Cluster;
import io.tulle.proxy.pool.Pools;
import io.tulle.proxy.report.ExchangeListener.Copied;
import io.tulle.proxy.report.Outcome;
import io.tulle.proxy.resilience.Failure;
import io.tulle.proxy.resilience.Replay;
import io.tulle.proxy.route.Decision;
import io.tulle.proxy.route.HashPlan;
import io.tulle.proxy.route.MirrorPlan;
import java.net.InetAddress;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Executor;

/** One message of a client from its arrival to its end: the load of a flight, made copies of for mirrors. */
abstract sealed class Delivery extends Admission implements Load, Copier permits Call, Event {
    private final NestTcpDoor door;
    private final Parcel parcel;
    private final int bytes; // the parcel may be gone before the report
    private Optional<Flight> flight = Optional.empty();

    Delivery(NestTcpDoor door, Parcel parcel, RequestHead head, MessageContext context) {
        super(
                door.doors().shared(),
                door.connection(),
                head,
                new Ledger(door.doors().shared(), door.connection(), head, context.requestId(), context.trace()));
        this.door = door;
        this.parcel = parcel;
        this.bytes = parcel.bytes();
    }

    /** Tells the client, where it waits for an answer. */
    abstract void tell(Reason reason, String told);

    /**
     * It was written to an endpoint's connection.
     *
     * @param waited whether it waited until that was open
     */
    abstract void sent(boolean waited);

    /** The endpoint could not be reached: nothing was delivered. */
    abstract void unsent(Link link, Throwable cause);

    /** Lets go of what its kind holds; the message is over. */
    abstract void finish();

    @Override
    protected final void forward(Decision.Forward decision, Cluster towards) {
        var next = new Flight(door.doors().shared().tower(), this, towards, decision.route());
        flight = Optional.of(next);
        next.begin();
    }

    // As a load.

    /** The protocol does not say what a message does twice. */
    @Override
    public final Replay replay() {
        return Replay.UNKNOWN;
    }

    @Override
    public final boolean isRepeatable() {
        return parcel.isThere();
    }

    @Override
    public final Optional<InetAddress> dialled() {
        return door.connection().dialled();
    }

    /** Nobody can be given a cookie here: without one a message goes anywhere. */
    @Override
    public final OptionalLong hash(HashPlan rules) {
        return rules.said(head(), door.connection().remote().getAddress());
    }

    @Override
    public final void delayed() {
        ledger().delayed();
    }

    @Override
    public final void replayed() {
        ledger().replayed();
    }

    @Override
    public final void aborted(FaultPolicy.Answer answer) {
        var status = answer instanceof FaultPolicy.Answer.Http(var http) ? http : Reason.FAULT_INJECTED.status();
        answer(Reason.FAULT_INJECTED, status, "fault_filter_abort", "");
    }

    @Override
    public final void refused(Reason reason, String detail, String told) {
        answer(reason, reason.status(), detail, told);
    }

    @Override
    public final void failed(Reset why, Endpoint at, boolean exhausted) {
        var reason = why.reason();
        var unseen = why.failure() instanceof Failure.ConnectFailed;
        var detail = at + ": " + why.detail();
        refuse(
                new Outcome(reason.status(), Optional.of(reason), exhausted, detail, unseen),
                why.told(at.spec().instance()));
    }

    static Reset unreached(Throwable cause) {
        return Pools.reset(cause);
    }

    // Its copies.

    @Override
    public final Optional<Copier> copier() {
        return Optional.of(this);
    }

    @Override
    public final void copy(MirrorPlan.Mirror mirror, Cluster cluster, Endpoint endpoint) {
        door.mirrors().copy(this, cluster, endpoint);
    }

    @Override
    public final void notCopied(MirrorPlan.Mirror mirror) {
        door.mirrors().count(mirror.cluster(), Copied.FAILED);
    }

    // As what a client said.

    @Override
    protected final void redirect(Decision.Redirect redirect) {
        answer(Reason.NO_CLUSTER, NestTcpCode.NOT_A_CALL.code() + " the route answers with a redirect");
    }

    @Override
    protected final void reply(Decision.Reply reply) {
        if (hasEnded()) return;
        write(reply);
        end(Outcome.written(reply.status()));
    }

    /** Tells the client what the route's author wrote, where it waits for an answer. */
    abstract void write(Decision.Reply reply);

    @Override
    protected final void answer(Reason reason, int status, String detail, String told) {
        refuse(new Outcome(status, Optional.of(reason), false, detail, true), told);
    }

    @Override
    protected final void revoke(int status, String detail, String told) {
        answer(Reason.DENIED, status, detail, told);
    }

    /** Ends it with what the mesh has to say. */
    void refuse(Outcome outcome, String told) {
        if (hasEnded()) return;
        outcome.reason().ifPresent(reason -> tell(reason, told));
        end(outcome);
    }

    @Override
    protected final void letGo() {
        flight.ifPresent(Flight::end);
        finish();
        parcel.release();
    }

    @Override
    protected final long received() {
        return bytes;
    }

    /** The client hung up. */
    void clientGone(Reason reason) {
        end(new Outcome(0, Optional.of(reason), false, "downstream_remote_disconnect", false));
    }

    @Override
    public Executor executor() {
        return door.loop();
    }

    /** Once it is on its way. */
    final Flight flight() {
        return flight.orElseThrow();
    }

    NestTcpDoor door() {
        return door;
    }

    Parcel parcel() {
        return parcel;
    }
}
