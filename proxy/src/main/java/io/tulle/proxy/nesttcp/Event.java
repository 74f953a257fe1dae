package io.tulle.proxy.nesttcp;

import io.tulle.proxy.balance.Endpoint;
import io.tulle.proxy.balance.Pick;
import io.tulle.proxy.message.Reason;
import io.tulle.proxy.message.RequestHead;
import io.tulle.proxy.plan.Cluster;
import io.tulle.proxy.report.Outcome;
import io.tulle.proxy.route.Decision;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A message that expects no answer. All events of a client towards one cluster go to one endpoint as long as it is well,
 * so that they keep their order; hence no delay is injected and no back-off made either, which would let later ones pass.
 */
final class Event extends Delivery {
    /** What could not be reached was not delivered: as many endpoints are tried as for a call by the rule of default. */
    private static final int MOST_DIALS = 3;

    private final List<Endpoint> tried = new ArrayList<>(1);
    private Optional<Cluster> cluster = Optional.empty();

    Event(NestTcpDoor door, Parcel parcel, RequestHead head, MessageContext context) {
        super(door, parcel, head, context);
    }

    @Override
    protected void forward(Decision.Forward decision, Cluster towards) {
        cluster = Optional.of(towards);
        var fault = decision.route().faults().draw(door().doors().shared().random());
        if (fault.answer().isPresent()) answer(Reason.FAULT_INJECTED, "fault_filter_abort");
        else {
            copyToMirrors(decision.route());
            attempt(towards);
        }
    }

    private void attempt(Cluster towards) {
        switch (door().homeOfEvents(towards, tried)) {
            case Pick.NoneHealthy(var why) -> answer(Reason.NONE_HEALTHY, why);
            case Pick.Chosen(var endpoint) -> {
                ledger().attempt(endpoint);
                door().link(towards, endpoint).send(this);
            }
        }
    }

    @Override
    void unsent(Link link, Throwable cause) {
        tried.add(link.endpoint());
        door().leaveHome(link.endpoint());
        var reason = unreached(cause);
        if (reason == Reason.OVER_LIMIT || tried.size() >= MOST_DIALS || cluster.isEmpty()) {
            answer(reason, link.endpoint() + ": " + cause.getMessage());
        } else {
            attempt(cluster.get());
        }
    }

    @Override
    void sent() {
        end(Outcome.answered(200));
    }

    @Override
    void tell(Reason reason, String told) {} // nobody waits: the report alone says it

    @Override
    void write(Decision.Reply reply) {} // as above

    @Override
    void finish() {}
}
