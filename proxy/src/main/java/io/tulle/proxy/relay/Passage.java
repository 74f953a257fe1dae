package io.tulle.proxy.relay;

import io.netty.channel.Channel;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ScheduledFuture;
import io.tulle.proxy.balance.Endpoint;
import io.tulle.proxy.flight.Flight;
import io.tulle.proxy.flight.Kind;
import io.tulle.proxy.flight.Load;
import io.tulle.proxy.message.Reason;
import io.tulle.proxy.message.Reset;
import io.tulle.proxy.plan.Cluster;
import io.tulle.proxy.policy.PolicyPlans;
import io.tulle.proxy.pool.Dial;
import io.tulle.proxy.pool.Pools;
import io.tulle.proxy.resilience.Failure;
import io.tulle.proxy.resilience.Replay;
import io.tulle.proxy.route.HashPlan;
import io.tulle.proxy.route.Route;
import io.tulle.proxy.tls.Alpn;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * An opaque connection as the load of a flight. Each attempt dials an endpoint; a peer's sidecar is asked whether its
 * application took the connection, and no byte is sent before, so that it may go elsewhere.
 */
final class Passage implements Load {
    /** Routes are for what has messages. */
    private static final Route NO_RULES = new Route("-", new PolicyPlans(List.of()));

    private final TcpDoor door;
    private final boolean hashesSource;
    private final Flight flight;
    private Optional<Attempt> current = Optional.empty();

    /** @param hashesSource whether its caller's address decides where it goes */
    Passage(TcpDoor door, Cluster towards, boolean hashesSource) {
        this.door = door;
        this.hashesSource = hashesSource;
        this.flight = new Flight(door.relays().shared().tower(), this, towards, NO_RULES);
    }

    void begin() {
        flight.begin();
    }

    void end() {
        flight.end();
    }

    Cluster cluster() {
        return flight.cluster();
    }

    /** Where it went last. */
    Optional<Endpoint> endpoint() {
        return current.map(attempt -> attempt.at);
    }

    @Override
    public Kind kind() {
        return Kind.CONNECTION;
    }

    /** Nobody knows what its bytes do. */
    @Override
    public Replay replay() {
        return Replay.ACTS_TWICE;
    }

    @Override
    public boolean isRepeatable() {
        return true; // as long as it is not joined, nothing was read of the caller
    }

    @Override
    public Optional<InetAddress> dialled() {
        return door.connection().dialled();
    }

    @Override
    public OptionalLong hash(HashPlan rules) {
        return hashesSource ? HashPlan.ofSource(door.connection().remote().getAddress()) : OptionalLong.empty();
    }

    @Override
    public void depart(Endpoint to) {
        var next = new Attempt(to);
        current = Optional.of(next);
        next.begin();
    }

    @Override
    public void recall() {
        current.ifPresent(Attempt::recall);
    }

    @Override
    public void refused(Reason reason, String detail, String told) {
        door.end(reason, detail, false);
    }

    @Override
    public void failed(Reset why, Endpoint at, boolean exhausted) {
        door.end(why.reason(), at + ": " + why.detail(), exhausted);
    }

    /**
     * One endpoint.
     *
     * <pre>
     *   begin --> connected --asked--> taken
     *      '-----------'----'--failed, not taken, cut, recalled
     * </pre>
     */
    private final class Attempt implements Pieces.Answer {
        private final Endpoint at;
        private Optional<Future<Channel>> dialling = Optional.empty();
        private Optional<Channel> upstream = Optional.empty();
        private Optional<ScheduledFuture<?>> patience = Optional.empty();
        private boolean over;

        Attempt(Endpoint at) {
            this.at = at;
        }

        void begin() {
            var dial = new Dial(cluster(), at.spec(), door.connection().remote());
            var begun = door.relays().shared().pools().connect(dial, List.of(Alpn.TCP));
            dialling = Optional.of(begun);
            begun.addListener((Future<Channel> done) -> {
                if (done.isSuccess()) connected(done.getNow());
                else failed(done.cause());
            });
        }

        private void failed(Throwable cause) {
            if (!settle()) return;
            flight.failed(Pools.reset(cause));
        }

        private void connected(Channel made) {
            upstream = Optional.of(made);
            if (over) {
                made.close();
                return;
            }
            Pieces.speakIfSettled(made);
            Pieces.of(made).ifPresentOrElse(pieces -> ask(pieces, made), this::taken);
        }

        private void ask(Pieces pieces, Channel made) {
            var most = cluster().spec().limits().connectTimeout().toMillis();
            patience = Optional.of(made.eventLoop().schedule(this::notTaken, most, TimeUnit.MILLISECONDS));
            made.closeFuture().addListener(_ -> cut());
            pieces.await(this);
        }

        @Override
        public void taken() {
            if (!settle()) return;
            flight.answered(200); // a connection that opens is all that outlier detection can hear of opaque bytes
            flight.landed();
            door.joined(upstream.orElseThrow());
        }

        @Override
        public void notTaken() {
            if (!settle()) return;
            upstream.ifPresent(Channel::close);
            var why = "its application does not answer";
            flight.failed(new Reset(Reason.CONNECT_FAILED, Failure.CONNECT_FAILED, why));
        }

        /**
         * The sidecar would not have this caller, or is gone. Another instance would say the same, or is tried by the caller; and
         * nothing is said against an endpoint that follows its policies.
         */
        private void cut() {
            if (settle()) door.end(Reason.CONNECT_FAILED, at + ": its sidecar closed the connection", false);
        }

        /** What is joined already is its relay's to close. */
        void recall() {
            if (!settle()) return;
            dialling.ifPresent(dial -> dial.cancel(false));
            upstream.ifPresent(Channel::close);
        }

        private boolean settle() {
            var first = !over;
            over = true;
            patience.ifPresent(timer -> timer.cancel(false));
            return first;
        }
    }
}
