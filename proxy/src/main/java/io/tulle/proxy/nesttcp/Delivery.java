package io.tulle.proxy.nesttcp;

import io.tulle.proxy.exchange.Admission;
import io.tulle.proxy.exchange.Ledger;
import io.tulle.proxy.message.Reason;
import io.tulle.proxy.message.RequestHead;
import io.tulle.proxy.pool.Pools;
import io.tulle.proxy.report.Outcome;
import io.tulle.proxy.route.Decision;
import io.tulle.proxy.route.Route;
import java.util.Optional;
import java.util.concurrent.Executor;

/** One message of a client from its arrival to its end, carried as calls and events each are. */
abstract sealed class Delivery extends Admission permits Call, Event {
    private final NestTcpDoor door;
    private final Parcel parcel;
    private final int bytes; // the parcel may be gone before the report

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

    /** It was written to an endpoint's connection. */
    abstract void sent();

    /** The endpoint could not be reached: nothing was delivered. */
    abstract void unsent(Link link, Throwable cause);

    /** Lets go of timers and counts; the message is over. */
    abstract void finish();

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
        finish();
        parcel.release();
    }

    @Override
    protected final long received() {
        return bytes;
    }

    /** Copies go where the route's mirrors are; the message itself hears nothing of them. */
    final void copyToMirrors(Route route) {
        door.mirrors().copy(this, route, this::cluster);
    }

    /** The client hung up. */
    void clientGone(Reason reason) {
        end(new Outcome(0, Optional.of(reason), false, "downstream_remote_disconnect", false));
    }

    static Reason unreached(Throwable cause) {
        return cause instanceof Pools.OverLimit ? Reason.OVER_LIMIT : Reason.CONNECT_FAILED;
    }

    @Override
    public Executor executor() {
        return door.loop();
    }

    NestTcpDoor door() {
        return door;
    }

    Parcel parcel() {
        return parcel;
    }
}
