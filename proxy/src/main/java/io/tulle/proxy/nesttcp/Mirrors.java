package io.tulle.proxy.nesttcp;

import io.netty.buffer.ByteBuf;
import io.tulle.proxy.balance.EndpointState;
import io.tulle.proxy.balance.Pick;
import io.tulle.proxy.plan.Cluster;
import io.tulle.proxy.report.ExchangeListener.Copied;
import io.tulle.proxy.route.Route;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Copies of one client's messages for mirrors, over connections of their own: a mirror that is slow holds up nothing that
 * the client waits for, and an answer of a mirror meets no call.
 */
final class Mirrors {
    private final NestTcpDoor door;
    private final IdentityHashMap<EndpointState, MirrorLink> open = new IdentityHashMap<>();
    private long idsDrawn;

    Mirrors(NestTcpDoor door) {
        this.door = door;
    }

    /**
     * Copies a message to those of the route's mirrors that are drawn for it.
     *
     * @param clusters of the plan that the message keeps
     */
    void copy(Delivery delivery, Route route, Function<String, Optional<Cluster>> clusters) {
        var plan = route.mirrors();
        if (plan.mirrors().isEmpty()) return;
        for (var mirror : plan.draw(door.doors().shared().random())) {
            var picked = clusters.apply(mirror.cluster())
                    .map(cluster -> link(cluster, door.pick(cluster, List.of())))
                    .flatMap(link -> link);
            if (picked.isPresent()) picked.get().send(frame(delivery));
            else count(mirror.cluster(), Copied.FAILED);
        }
    }

    private Optional<MirrorLink> link(Cluster cluster, Pick pick) {
        if (!(pick instanceof Pick.Chosen(var endpoint))) return Optional.empty();
        var there = open.get(endpoint.state());
        if (there != null && there.serves(cluster)) return Optional.of(there);
        if (there != null) there.close();
        var made = new MirrorLink(this, door, cluster, endpoint);
        open.put(endpoint.state(), made);
        made.dial();
        return Optional.of(made);
    }

    /** A call goes under an id of our own: its sender may use the real one again before the mirror has answered. */
    private ByteBuf frame(Delivery delivery) {
        return switch (delivery) {
            case Event event -> event.parcel().frame(door.allocator());
            case Call call ->
                call.parcel()
                        .frame(
                                door.allocator(),
                                CallId.drawn("mirror-" + call.ledger().requestId(), ++idsDrawn));
        };
    }

    void gone(MirrorLink link) {
        open.remove(link.endpoint().state(), link);
    }

    void count(String cluster, Copied what) {
        door.doors().shared().observers().exchanges().copied(cluster, what);
    }

    /** The client is gone; what it said still goes out. */
    void close() {
        List.copyOf(open.values()).forEach(MirrorLink::close);
        open.clear();
    }
}
