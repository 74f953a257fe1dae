package io.tulle.proxy.exchange;

import io.tulle.proxy.filter.FilterChain;
import io.tulle.proxy.filter.Inquiry;
import io.tulle.proxy.filter.PeerFacts;
import io.tulle.proxy.filter.Verdict;
import io.tulle.proxy.message.Connection;
import io.tulle.proxy.message.Reason;
import io.tulle.proxy.message.RequestHead;
import io.tulle.proxy.plan.Chain;
import io.tulle.proxy.plan.Cluster;
import io.tulle.proxy.plan.Plan;
import io.tulle.proxy.report.Outcome;
import io.tulle.proxy.route.Decision;
import io.tulle.proxy.route.RequestFacts;
import io.tulle.proxy.route.Route;
import io.tulle.proxy.route.RouteTable;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a request and a message have in common: judged by filters, routed, carried as its kind is, and ended exactly once,
 * on one event loop and with one plan all the way.
 *
 * <pre>
 *   begin --> filters --> route --> forward --> end(Outcome)
 *                |          '--> redirect, reply, no route --^
 *                '--> denied --------------------------------'
 * </pre>
 */
public abstract class Admission implements Inquiry, FilterChain.Next {
    private static final Logger LOG = LoggerFactory.getLogger(Admission.class);

    private final Shared shared;
    private final Connection connection;
    private final RequestHead head;
    private final Ledger ledger;
    private final Plan plan;
    private final RandomGenerator random;
    private Optional<RouteTable> routes = Optional.empty();
    private boolean tellsPolicies;
    private boolean over;

    protected Admission(Shared shared, Connection connection, RequestHead head, Ledger ledger) {
        this.shared = shared;
        this.connection = connection;
        this.head = head;
        this.ledger = ledger;
        this.plan = shared.plan().current();
        this.random = shared.random();
    }

    /** Judges and routes; it may be over before this returns. */
    public final void begin() {
        begun();
        var chain = plan.chain(connection.destination());
        routes = chain.flatMap(found -> found.routes());
        tellsPolicies = chain.map(Chain::tellsPolicies).orElse(false);
        if (chain.isEmpty() || routes.isEmpty()) {
            answer(Reason.NOT_SERVED, connection.destination().toString());
            return;
        }
        chain.get().dryRun().ifPresent(tried -> ledger.tried(tried.judgeRequest(peer(), head)));
        if (chain.get().filters().isEmpty()) admitted();
        else
            new FilterChain(
                            chain.get().filters(),
                            broken -> LOG.error("{} a filter failed", Reason.FILTER_FAILED.code(), broken))
                    .ask(this, this);
    }

    @Override
    public final void admitted() {
        var decision = routes.orElse(RouteTable.EMPTY).route(head, random);
        var route = Decision.chosen(decision);
        route.ifPresent(found -> ledger.routed(found.name()));
        if (route.isPresent() && isAnswered(route.get())) return;
        switch (decision) {
            case Decision.Forward drawn -> {
                var to = staying(drawn);
                var cluster = plan.cluster(to.target().cluster());
                ledger.towards(cluster);
                if (cluster.isEmpty()) answer(Reason.NO_CLUSTER, to.target().cluster());
                else forward(to, cluster.get());
            }
            case Decision.Redirect elsewhere -> redirect(elsewhere);
            case Decision.Reply reply -> reply(reply);
            case Decision.NoTarget none ->
                answer(Reason.NO_CLUSTER, Reason.NO_CLUSTER.status(), none.why(), none.why());
            case Decision.NoRoute _ -> answer(Reason.NO_ROUTE, head.method() + " " + head.path());
        }
    }

    /** Whether the route's policies answer it before anything is done with it. */
    protected boolean isAnswered(Route route) {
        return false;
    }

    /** A share is drawn once a session: it stays with the leg whose endpoint it knows. */
    private Decision.Forward staying(Decision.Forward drawn) {
        if (drawn.legs().size() == 1 || drawn.route().session().isNone()) return drawn;
        return drawn.route()
                .session()
                .place(head, shared.clock())
                .flatMap(place -> drawn.legs().stream()
                        .filter(leg -> plan.cluster(leg.cluster())
                                .flatMap(cluster -> cluster.endpoints().at(place))
                                .isPresent())
                        .findFirst())
                .map(drawn::towards)
                .orElse(drawn);
    }

    @Override
    public final void answered(Verdict.Answer no) {
        var reason = switch (no.reason().kind()) {
            case DENIED, NOT_ALLOWED -> Reason.DENIED;
            case FILTER_FAILED -> Reason.FILTER_FAILED;
            case FAULT -> Reason.FAULT_INJECTED;
        };
        var told = tellsPolicies ? no.reason().detail() : "";
        answer(reason, no.status(), no.reason().detail(), told);
    }

    /**
     * Asks the policies in force about what was let in by earlier ones, and ends it where they forbid it. Where nothing is
     * served any more, what is open may end by itself.
     */
    public final void judgeAgain() {
        if (over) return;
        var now = shared.plan().current();
        if (now.isSecuredSince(connection.destination(), connection.facts().port())) {
            revoke(Reason.DENIED.status(), "only mutual TLS is taken now", "");
            return;
        }
        var chain = now.chain(connection.destination());
        if (chain.isEmpty() || !(chain.get().authorizer().judgeRequest(peer(), head) instanceof Verdict.Answer no))
            return;
        var told = chain.get().tellsPolicies() ? no.reason().detail() : "";
        revoke(no.status(), no.reason().detail(), told);
    }

    /** Ends it, answered or not, since policies forbid it now. */
    protected abstract void revoke(int status, String detail, String told);

    /** Before anything else. */
    protected void begun() {}

    /** Carries it to an endpoint of the cluster. */
    protected abstract void forward(Decision.Forward decision, Cluster cluster);

    protected abstract void redirect(Decision.Redirect redirect);

    /** Answers with what the route's author wrote. */
    protected abstract void reply(Decision.Reply reply);

    /**
     * Answers in the application's place and ends it; nothing happens where it is over.
     *
     * @param told what the caller may know of the detail
     */
    protected abstract void answer(Reason reason, int status, String detail, String told);

    protected final void answer(Reason reason, String detail) {
        answer(reason, reason.status(), detail, "");
    }

    /** Lets go of all that it holds, once. */
    protected abstract void letGo();

    /** How many bytes of body came from the caller. */
    protected abstract long received();

    /** Exactly once: all that it holds is let go, and whoever listens is told. */
    public final void end(Outcome outcome) {
        if (over) return;
        over = true;
        letGo();
        ledger.end(outcome, received());
    }

    @Override
    public final PeerFacts peer() {
        return connection.facts();
    }

    @Override
    public final RequestFacts request() {
        return head;
    }

    @Override
    public final boolean hasEnded() {
        return over;
    }

    public final Ledger ledger() {
        return ledger;
    }

    /** A cluster of the plan that this keeps. */
    public final Optional<Cluster> cluster(String name) {
        return plan.cluster(name);
    }

    protected final Connection connection() {
        return connection;
    }

    protected final RequestHead head() {
        return head;
    }
}
