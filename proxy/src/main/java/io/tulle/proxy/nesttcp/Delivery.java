package io.tulle.proxy.nesttcp;

import io.tulle.proxy.exchange.Outcome;
import io.tulle.proxy.exchange.Reason;
import io.tulle.proxy.exchange.RequestHead;
import io.tulle.proxy.filter.FilterChain;
import io.tulle.proxy.filter.Inquiry;
import io.tulle.proxy.filter.PeerFacts;
import io.tulle.proxy.filter.Verdict;
import io.tulle.proxy.plan.Chain;
import io.tulle.proxy.plan.Cluster;
import io.tulle.proxy.plan.Plan;
import io.tulle.proxy.pool.Pools;
import io.tulle.proxy.route.Decision;
import io.tulle.proxy.route.RequestFacts;
import io.tulle.proxy.route.RouteTable;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One message of a client from its arrival to its end, with one plan all the way: judged, routed, and then carried as
 * calls and events each are. Belongs to its connection's event loop.
 */
abstract sealed class Delivery implements Inquiry, FilterChain.Next permits Call, Event {
    private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);

    private final NestTcpDoor door;
    private final Parcel parcel;
    private final RequestHead head;
    private final MessageLedger ledger;
    private final Plan plan;
    private Optional<RouteTable> routes = Optional.empty();
    private boolean tellsPolicies;
    private boolean over;

    Delivery(NestTcpDoor door, Parcel parcel, RequestHead head, MessageContext context) {
        this.door = door;
        this.parcel = parcel;
        this.head = head;
        this.ledger = new MessageLedger(door.doors(), door.connection(), head, context, parcel.bytes());
        this.plan = door.doors().plan().current();
    }

    /** Judges and routes; it may be over before this returns. */
    void begin() {
        var destination = door.connection().destination();
        var chain = plan.chain(destination);
        routes = chain.flatMap(found -> found.routes());
        tellsPolicies = chain.map(Chain::tellsPolicies).orElse(false);
        if (chain.isEmpty() || routes.isEmpty()) {
            refuse(Reason.NOT_SERVED, destination.toString());
        } else {
            new FilterChain(chain.get().filters(), broken -> LOG.error("TUL1610 a filter failed", broken))
                    .ask(this, this);
        }
    }

    @Override
    public void admitted() {
        var decision = routes.orElse(RouteTable.EMPTY).route(head, door.doors().random());
        switch (decision) {
            case Decision.Forward forward -> {
                ledger.routed(forward.route().name());
                var cluster = plan.cluster(forward.target().cluster());
                cluster.ifPresent(ledger::towards);
                if (cluster.isEmpty())
                    refuse(Reason.NO_CLUSTER, forward.target().cluster());
                else forward(forward, cluster.get());
            }
            case Decision.Redirect redirect -> {
                ledger.routed(redirect.route().name());
                refuse(Reason.NO_CLUSTER, NestTcpCode.NOT_A_CALL.code() + " the route answers with a redirect");
            }
            case Decision.Reply reply -> {
                ledger.routed(reply.route().name());
                refuse(Reason.NO_CLUSTER, reply.status(), reply.reason(), reply.reason());
            }
            case Decision.NoRoute _ -> refuse(Reason.NO_ROUTE, head.method() + " " + head.path());
        }
    }

    @Override
    public void answered(Verdict.Answer no) {
        var reason = switch (no.reason().kind()) {
            case DENIED, NOT_ALLOWED -> Reason.DENIED;
            case FILTER_FAILED -> Reason.FILTER_FAILED;
            case FAULT -> Reason.FAULT_INJECTED;
        };
        refuse(
                reason,
                no.status(),
                no.reason().detail(),
                tellsPolicies ? no.reason().detail() : "");
    }

    /** Carries it to an endpoint of the cluster. */
    abstract void forward(Decision.Forward decision, Cluster cluster);

    /** Tells the client, where it waits for an answer. */
    abstract void tell(Reason reason, String told);

    /** It was written to an endpoint's connection. */
    abstract void sent();

    /** The endpoint could not be reached: nothing was delivered. */
    abstract void unsent(Link link, Throwable cause);

    /** Lets go of timers and counts; the message is over. */
    abstract void finish();

    void refuse(Reason reason, String detail) {
        refuse(reason, reason.status(), detail, "");
    }

    /**
     * Ends it with an answer of the mesh.
     *
     * @param told what the client may know of the detail
     */
    void refuse(Reason reason, int status, String detail, String told) {
        refuse(new Outcome(status, Optional.of(reason), false, detail, true), told);
    }

    void refuse(Outcome outcome, String told) {
        if (over) return;
        outcome.reason().ifPresent(reason -> tell(reason, told));
        end(outcome);
    }

    /** Exactly once: all that it holds is let go, and whoever listens is told. */
    void end(Outcome outcome) {
        if (over) return;
        over = true;
        finish();
        parcel.release();
        ledger.end(outcome);
    }

    /** The client hung up. */
    void clientGone(Reason reason) {
        end(new Outcome(0, Optional.of(reason), false, "downstream_remote_disconnect", false));
    }

    static Reason unreached(Throwable cause) {
        return cause instanceof Pools.OverLimit ? Reason.OVER_LIMIT : Reason.CONNECT_FAILED;
    }

    @Override
    public PeerFacts peer() {
        return door.connection().facts();
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
        return door.loop();
    }

    NestTcpDoor door() {
        return door;
    }

    Parcel parcel() {
        return parcel;
    }

    MessageLedger ledger() {
        return ledger;
    }
}
