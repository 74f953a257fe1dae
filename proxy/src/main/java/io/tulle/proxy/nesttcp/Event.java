package io.tulle.proxy.nesttcp;

import io.tulle.proxy.balance.Endpoint;
import io.tulle.proxy.flight.Kind;
import io.tulle.proxy.message.Reason;
import io.tulle.proxy.message.RequestHead;
import io.tulle.proxy.report.Outcome;
import io.tulle.proxy.route.Decision;
import java.util.Optional;

/**
 * A message that expects no answer; its delivery ends when it is written. All events of a client towards one cluster go to one
 * endpoint as long as it is well, so that they keep their order.
 */
final class Event extends Delivery {
    Event(NestTcpDoor door, Parcel parcel, RequestHead head, MessageContext context) {
        super(door, parcel, head, context);
    }

    @Override
    public Kind kind() {
        return Kind.EVENT;
    }

    @Override
    public Optional<Endpoint> home() {
        var towards = flight().cluster();
        return towards.balancer().isHashed() ? Optional.empty() : door().homeOfEvents(towards);
    }

    @Override
    public void depart(Endpoint to) {
        ledger().attempt(to);
        door().homeOfEvents(flight().cluster(), to);
        door().link(flight().cluster(), to).send(this);
    }

    /** It ends with what its link says of it: nothing holds it any more then. */
    @Override
    public void recall() {}

    @Override
    void unsent(Link link, Throwable cause) {
        door().leaveHome(link.endpoint());
        flight().failed(unreached(cause));
    }

    /** No answer will tell that the endpoint is well. That its connection opened does, as for opaque bytes. */
    @Override
    void sent(boolean waited) {
        if (waited) flight().answered(200);
        end(Outcome.answered(200));
    }

    @Override
    void tell(Reason reason, String told) {} // nobody waits: the report alone says it

    @Override
    void write(Decision.Reply reply) {} // as above

    @Override
    void finish() {}
}
