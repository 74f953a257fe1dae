package io.tulle.proxy.nesttcp;

import io.netty.buffer.ByteBuf;
import io.tulle.proxy.balance.Endpoint;
import io.tulle.proxy.flight.Kind;
import io.tulle.proxy.message.Reason;
import io.tulle.proxy.message.RequestHead;
import io.tulle.proxy.message.Reset;
import io.tulle.proxy.report.Outcome;
import io.tulle.proxy.route.Decision;
import java.util.Optional;

/** A message that is answered, by one reply or a stream of them. What is said after its last reply is nobody's. */
final class Call extends Delivery {
    private final CallId id;
    private Optional<Link> at = Optional.empty();
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
        return flight().isRepeated();
    }

    /** Whether the client has seen a reply. */
    boolean hasBegun() {
        return flight().hasLanded();
    }

    @Override
    public Kind kind() {
        return Kind.EXCHANGE;
    }

    @Override
    public void depart(Endpoint to) {
        ledger().attempt(to);
        var link = door().link(flight().cluster(), to);
        at = Optional.of(link);
        link.send(this);
    }

    @Override
    public void recall() {
        at.ifPresent(link -> link.forget(this));
        at = Optional.empty();
        sentAs = "";
    }

    // What the endpoint's connection says.

    @Override
    void sent(boolean waited) {
        if (kept > 0) return; // kept since the first attempt
        if (door().mayKeep(parcel().bytes())) {
            kept = parcel().bytes();
            door().keeps(kept);
        } else {
            parcel().release();
        }
    }

    /** A reply, which stays the link's. */
    void replied(ByteBuf body, long units, Message reply) {
        flight().landed();
        forget();
        ledger().answerBegan();
        ledger().answered(body.readableBytes());
        door().pass(body, units);
        if (!reply.isLast()) return;
        // An error that the application gives is its answer, and says nothing against the endpoint.
        flight().answered(200);
        end(Outcome.answered(reply.hasError() ? ErrorReply.status(reply.error()) : 200));
    }

    @Override
    void unsent(Link link, Throwable cause) {
        failed(unreached(cause));
    }

    /** The attempt came to nothing. */
    void failed(Reset why) {
        recall();
        flight().failed(why);
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

    /** No other attempt will be made: the bytes kept for one are let go. */
    private void forget() {
        door().keeps(-kept);
        kept = 0;
        parcel().release();
    }

    @Override
    void finish() {
        forget();
        door().ended(this);
    }
}
