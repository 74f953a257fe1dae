package io.tulle.proxy.listen;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.util.concurrent.ScheduledFuture;
import io.tulle.proxy.message.Connection.Side;
import io.tulle.proxy.plan.Destination;
import io.tulle.proxy.preface.LaunchSecret;
import io.tulle.proxy.preface.ProxyHeader;
import io.tulle.proxy.report.Refusal;
import io.tulle.proxy.tls.Peer;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The outbound door's first look: a PROXY header with the launch's secret says whom the application dialled. */
final class PrefaceGate extends ByteToMessageDecoder {
    private final Doorway doorway;
    private final LaunchSecret secret;
    private final long patienceMillis;
    private Optional<ScheduledFuture<?>> timer = Optional.empty();
    private boolean done;

    PrefaceGate(Doorway doorway, LaunchSecret secret, long patienceMillis) {
        this.doorway = doorway;
        this.secret = secret;
        this.patienceMillis = patienceMillis;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        Runnable silent = () -> doorway.refusals().refuse(context.channel(), Refusal.SILENT, "no PROXY header");
        timer = Optional.of(context.executor().schedule(silent, patienceMillis, TimeUnit.MILLISECONDS));
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext context) {
        timer.ifPresent(t -> t.cancel(false));
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        if (done) return; // it is being closed
        try {
            var header = ProxyHeader.read(in);
            if (header.isEmpty()) return;
            done = true;
            timer.ifPresent(t -> t.cancel(false));
            introduced(context, header.get());
        } catch (IllegalArgumentException malformed) {
            done = true;
            in.skipBytes(in.readableBytes());
            doorway.refusals().refuse(context.channel(), Refusal.PREFACE, String.valueOf(malformed.getMessage()));
        }
    }

    private void introduced(ChannelHandlerContext context, ProxyHeader header) {
        if (!header.secret().map(secret::matches).orElse(false)) {
            doorway.refusals()
                    .refuse(
                            context.channel(),
                            Refusal.SECRET,
                            header.destination().toString());
            return;
        }
        var arrival = arrival(header);
        doorway.whenTold(context.channel(), arrival, () -> doorway.enter(context.channel(), arrival));
        if (!context.isRemoved()) context.pipeline().remove(this); // hands on what came behind the header
    }

    private Arrival arrival(ProxyHeader header) {
        var to = header.destination();
        var host = header.authority()
                .map(PrefaceGate::canonical)
                .orElse(to.getAddress().getHostAddress());
        var destination = new Destination.Outbound(host, to.getPort());
        return new Arrival(Side.OUTBOUND, destination, Peer.ANONYMOUS, header.source(), to, Optional.empty());
    }

    /** As the plan spells hosts: lower-case, without the dot that DNS allows at the end. */
    private static String canonical(String name) {
        var lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }
}
