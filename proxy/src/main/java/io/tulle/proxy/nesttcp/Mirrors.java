package io.tulle.proxy.nesttcp;

import io.netty.buffer.ByteBuf;
import io.tulle.proxy.balance.Endpoint;
import io.tulle.proxy.balance.EndpointState;
import io.tulle.proxy.plan.Cluster;
import io.tulle.proxy.report.ExchangeListener.Copied;
import java.util.IdentityHashMap;
import java.util.List;

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

    void copy(Delivery delivery, Cluster cluster, Endpoint endpoint) {
        link(cluster, endpoint).send(frame(delivery));
    }

    private MirrorLink link(Cluster cluster, Endpoint endpoint) {
        var there = open.get(endpoint.state());
        if (there != null && there.serves(cluster)) return there;
        if (there != null) there.close();
        var made = new MirrorLink(this, door, cluster, endpoint);
        open.put(endpoint.state(), made);
        made.dial();
        return made;
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
