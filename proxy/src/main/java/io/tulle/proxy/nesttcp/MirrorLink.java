package io.tulle.proxy.nesttcp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.tulle.proxy.balance.Endpoint;
import io.tulle.proxy.plan.Cluster;
import io.tulle.proxy.pool.Dial;
import io.tulle.proxy.pool.Pools;
import io.tulle.proxy.report.ExchangeListener.Copied;
import io.tulle.proxy.tls.Alpn;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * A connection that carries copies to one endpoint of a mirror, and throws away what it answers. A copy that the endpoint
 * does not take is dropped.
 *
 * <pre>
 *   dialling (copies wait) --> open (while it takes them) --> gone
 * </pre>
 */
final class MirrorLink extends ChannelInboundHandlerAdapter {
    private final Mirrors mirrors;
    private final NestTcpDoor door;
    private final Cluster cluster;
    private final Endpoint endpoint;
    private final Deque<ByteBuf> waiting = new ArrayDeque<>();
    private Optional<Channel> channel = Optional.empty();
    private boolean closing;
    private boolean gone;

    MirrorLink(Mirrors mirrors, NestTcpDoor door, Cluster cluster, Endpoint endpoint) {
        this.mirrors = mirrors;
        this.door = door;
        this.cluster = cluster;
        this.endpoint = endpoint;
    }

    Endpoint endpoint() {
        return endpoint;
    }

    boolean serves(Cluster asked) {
        return !gone && cluster.spec().security().equals(asked.spec().security());
    }

    void dial() {
        var shared = door.doors().shared();
        var dial = new Dial(cluster, endpoint.spec(), door.connection().remote());
        shared.pools().connect(dial, List.of(Alpn.NEST_TCP)).addListener((Future<Channel> done) -> {
            if (done.isSuccess()) connected(done.getNow());
            else failed(done.cause());
        });
    }

    /** Outlier detection hears of a mirror what it hears of events: that its connection opened, or did not. */
    private void failed(Throwable cause) {
        if (cause instanceof Pools.OverLimit) {
            unreachable(Copied.DROPPED);
            return;
        }
        cluster.outliers()
                .ifPresent(heard ->
                        heard.unanswered(endpoint, door.doors().shared().now()));
        unreachable(Copied.FAILED);
    }

    private void connected(Channel made) {
        cluster.outliers()
                .ifPresent(heard ->
                        heard.answered(endpoint, 200, door.doors().shared().now()));
        channel = Optional.of(made);
        made.pipeline().addLast(this);
        for (var next = waiting.poll(); next != null; next = waiting.poll()) {
            door.doors().shared().copies().letGo(next.readableBytes());
            write(made, next);
        }
        made.flush(); // the preface, and what waited
        if (closing) closeWhenWritten(made);
    }

    private void unreachable(Copied why) {
        gone = true;
        mirrors.gone(this);
        for (var next = waiting.poll(); next != null; next = waiting.poll()) {
            door.doors().shared().copies().letGo(next.readableBytes());
            drop(next, why);
        }
    }

    /** Takes ownership of the frame. A copy is one of its cluster's requests until it is written, as an event is. */
    void send(ByteBuf frame) {
        if (!cluster.limits().requests().tryTake()) {
            frame.release();
            mirrors.count(cluster.spec().name(), Copied.DROPPED);
        } else if (gone) {
            drop(frame, Copied.FAILED);
        } else if (channel.isPresent()) {
            write(channel.get(), frame);
            channel.get().flush();
        } else if (door.doors().shared().copies().tryHold(frame.readableBytes())) {
            waiting.add(frame);
        } else {
            drop(frame, Copied.DROPPED);
        }
    }

    private void write(Channel to, ByteBuf frame) {
        if (!to.isWritable()) {
            drop(frame, Copied.DROPPED);
            return;
        }
        to.write(frame).addListener(_ -> cluster.limits().requests().giveBack());
        mirrors.count(cluster.spec().name(), Copied.SENT);
    }

    private void drop(ByteBuf frame, Copied why) {
        frame.release();
        cluster.limits().requests().giveBack();
        mirrors.count(cluster.spec().name(), why);
    }

    void close() {
        closing = true;
        channel.ifPresent(MirrorLink::closeWhenWritten);
    }

    private static void closeWhenWritten(Channel made) {
        made.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ReferenceCountUtil.release(message);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        gone = true;
        mirrors.gone(this);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }
}
