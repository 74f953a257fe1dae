package io.tulle.proxy.listen;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.tulle.proxy.message.Connection.Side;
import io.tulle.proxy.plan.Destination;
import io.tulle.proxy.tls.Peer;
import java.net.InetSocketAddress;
import java.util.Optional;

/** A bound socket's connections: the socket itself says whom they want, and in TLS the name that is asked for. */
final class BoundGate extends ChannelInboundHandlerAdapter {
    private final Doorway doorway;
    private final String listener;
    private final long patienceMillis;

    /** @param patienceMillis how long a caller may take until its TLS handshake is whole */
    BoundGate(Doorway doorway, String listener, long patienceMillis) {
        this.doorway = doorway;
        this.listener = listener;
        this.patienceMillis = patienceMillis;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        var channel = context.channel();
        if (doorway.plan().current().isTls(listener)) {
            channel.pipeline().addLast(new HelloGate(doorway, listener, patienceMillis));
        } else {
            var arrival = new Arrival(
                    Side.DOOR,
                    new Destination.Bound(listener),
                    Peer.ANONYMOUS,
                    (InetSocketAddress) channel.remoteAddress(),
                    (InetSocketAddress) channel.localAddress(),
                    Optional.empty());
            doorway.enter(channel, arrival);
        }
        context.fireChannelActive();
        context.pipeline().remove(this);
    }
}
