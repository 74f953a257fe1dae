package io.tulle.proxy.listen;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.tulle.proxy.message.Connection.Side;
import io.tulle.proxy.plan.Destination;
import io.tulle.proxy.report.Refusal;
import io.tulle.proxy.tls.Peer;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * Takes what the rules of the application's network lead here. The kernel remembers whom it dialled: somebody of the mesh,
 * or somebody else, to whom the bytes then go as they are.
 */
final class RedirectGate extends ChannelInboundHandlerAdapter {
    private final Doorway doorway;
    private final DialledNames names;

    RedirectGate(Doorway doorway, DialledNames names) {
        this.doorway = doorway;
        this.names = names;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        var channel = context.channel();
        var dialled = OriginalDestination.of(channel);
        if (dialled.isEmpty()) {
            doorway.refusals().refuse(channel, Refusal.NOT_REDIRECTED, "");
            handOn(context);
        } else arrived(context, dialled.get());
    }

    private void handOn(ChannelHandlerContext context) {
        context.fireChannelActive();
        context.pipeline().remove(this);
    }

    private void arrived(ChannelHandlerContext context, InetSocketAddress dialled) {
        var channel = context.channel();
        var address = dialled.getAddress();
        var host = names.meantBy(dialled).orElseGet(address::getHostAddress);
        var arrival = new Arrival(
                Side.OUTBOUND,
                new Destination.Outbound(host, dialled.getPort()),
                Peer.ANONYMOUS,
                (InetSocketAddress) channel.remoteAddress(),
                dialled,
                Optional.empty());
        var isOurs = address.isLoopbackAddress() || names.isOurs(address);
        if (isOurs || doorway.serves(arrival)) {
            doorway.whenTold(channel, arrival, () -> doorway.enter(channel, arrival));
        } else {
            doorway.passThrough(channel, arrival);
        }
        handOn(context);
    }
}
