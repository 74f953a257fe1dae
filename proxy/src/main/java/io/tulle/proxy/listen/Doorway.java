package io.tulle.proxy.listen;

import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import io.tulle.proxy.exchange.Exchanges;
import io.tulle.proxy.filter.PeerFacts;
import io.tulle.proxy.message.Connection;
import io.tulle.proxy.plan.Chain;
import io.tulle.proxy.plan.Destination;
import io.tulle.proxy.plan.LivePlan;
import io.tulle.proxy.report.ConnectionListener;
import io.tulle.proxy.report.Refusal;
import java.util.Optional;

/** Lets an arrival in: finds its chain in the plan of this moment and installs the door of its wire. One per event loop. */
public final class Doorway {
    private static final AttributeKey<Connection> CONNECTION = AttributeKey.valueOf(Doorway.class, "connection");

    private final LivePlan plan;
    private final Exchanges exchanges;
    private final Doors doors;
    private final Refusals refusals;
    private final ConnectionListener listener;
    private final Uses uses;
    private final Waiting waiting;

    public Doorway(
            LivePlan plan,
            Exchanges exchanges,
            Doors doors,
            Refusals refusals,
            ConnectionListener listener,
            Uses uses) {
        this.uses = uses;
        this.waiting = new Waiting(plan, refusals);
        this.plan = plan;
        this.exchanges = exchanges;
        this.doors = doors;
        this.refusals = refusals;
        this.listener = listener;
    }

    /** Installs a door for each wire. The sidecar's one implementation knows all of them. */
    public interface Doors {
        /**
         * @return whether this wire can be spoken on this chain; nothing was installed if not
         */
        boolean install(Channel channel, Connection connection, Chain chain, String alpn, Exchanges exchanges);

        /** Installs the door to somebody who is not in the mesh. */
        void passThrough(Channel channel, Connection connection);
    }

    /**
     * For an arrival whose destination may have to be asked for first.
     *
     * @param enter run on this loop, now or when the destination has been told; not at all if the connection ends before
     */
    void whenTold(Channel channel, Arrival arrival, Runnable enter) {
        var now = plan.current();
        var named = now.named(arrival.destination());
        named.ifPresent(host -> {
            uses.begin(host);
            channel.closeFuture().addListener(_ -> uses.end(host));
        });
        var isAwaited = named.isPresent() && now.chain(arrival.destination()).isEmpty() && !now.isTold(named.get());
        if (isAwaited) waiting.hold(channel, arrival, named.get(), enter);
        else enter.run();
    }

    /** The plan is another. On this loop. */
    public void planChanged() {
        waiting.look();
    }

    /**
     * Leads a caller to connect again where nothing is served any more. One that keeps its connection would be answered so for ever,
     * though its name leads elsewhere by now. On this loop.
     */
    public void leadAway(Channel channel) {
        var connection = channel.attr(CONNECTION).get();
        if (connection != null && exchanges.isUnserved(connection))
            channel.pipeline().fireUserEventTriggered(Connection.Draining.NOW);
    }

    /** Ends with a door at the end of the pipeline, or with the channel closed. */
    void enter(Channel channel, Arrival arrival) {
        var chain = plan.current().chain(arrival.destination());
        if (chain.isEmpty()) {
            refusals.refuse(channel, Refusal.NO_CHAIN, arrival.destination().toString());
            return;
        }
        var connection = connection(arrival, chain.get().spec().port());
        var alpn = arrival.alpn().orElse("");
        if (!doors.install(channel, connection, chain.get(), alpn, exchanges)) {
            refusals.refuse(channel, Refusal.WIRE, alpn + " on " + arrival.destination());
            return;
        }
        channel.attr(CONNECTION).set(connection);
        listener.accepted(connection, chain.get());
        channel.closeFuture().addListener(_ -> listener.ended(connection, chain.get()));
        if (exchanges.isDraining(connection)) channel.pipeline().fireUserEventTriggered(Connection.Draining.NOW);
    }

    /** Whether the plan of this moment has something for it, or knows it by name. */
    boolean serves(Arrival arrival) {
        var now = plan.current();
        return now.chain(arrival.destination()).isPresent()
                || now.named(arrival.destination()).isPresent();
    }

    /** Hands it to the address that it dialled. */
    void passThrough(Channel channel, Arrival arrival) {
        doors.passThrough(channel, connection(arrival, arrival.local().getPort()));
    }

    private static Connection connection(Arrival arrival, int port) {
        var serverName = arrival.destination() instanceof Destination.Inbound inbound
                ? Optional.of(inbound.serverName())
                : Optional.<String>empty();
        var facts = PeerFacts.of(
                arrival.peer().identity(),
                arrival.remote().getAddress(),
                port,
                arrival.local().getAddress(),
                serverName);
        return new Connection(
                arrival.side(), arrival.destination(), arrival.peer(), arrival.remote(), arrival.local(), facts);
    }

    Refusals refusals() {
        return refusals;
    }

    LivePlan plan() {
        return plan;
    }
}
