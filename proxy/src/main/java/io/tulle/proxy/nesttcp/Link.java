package io.tulle.proxy.nesttcp;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.Future;
import io.tulle.proxy.balance.Endpoint;
import io.tulle.proxy.message.Reason;
import io.tulle.proxy.message.Reset;
import io.tulle.proxy.plan.Cluster;
import io.tulle.proxy.pool.Dial;
import io.tulle.proxy.resilience.Failure;
import io.tulle.proxy.tls.Alpn;
import io.tulle.xds.spec.ClusterSpec;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The one connection of one client towards one endpoint. It is never shared: Nest goes on producing for whoever hung up,
 * and an id comes last in a frame, so that a shared connection would leak streams and hold whole replies.
 *
 * <pre>
 *   dialling (messages wait) --> open --> gone: calls in flight fail, each for itself
 *        '---- unreachable: what waited was not delivered ----^
 * </pre>
 */
final class Link extends ChannelInboundHandlerAdapter {
    private static final int MOST_WAITING_BYTES = 256 * 1024;

    private final NestTcpDoor door;
    private final Cluster cluster;
    private final Endpoint endpoint;
    private final FrameReader reader;
    private final Map<String, Call> calls = new LinkedHashMap<>();
    private final Deque<Delivery> waiting = new ArrayDeque<>();
    private Optional<Future<Channel>> dialling = Optional.empty();
    private Optional<Channel> channel = Optional.empty();
    private Optional<Throwable> unreachable = Optional.empty();
    private long waitingBytes;
    private long idsDrawn;
    private boolean served;
    private boolean gone;

    Link(NestTcpDoor door, Cluster cluster, Endpoint endpoint) {
        this.door = door;
        this.cluster = cluster;
        this.endpoint = endpoint;
        this.reader = new FrameReader(door.doors().settings().messageBytes());
    }

    Endpoint endpoint() {
        return endpoint;
    }

    /** Whether a message towards this cluster may go here: it is there still, and is spoken to the same way. */
    boolean serves(Cluster asked) {
        return !gone && cluster.spec().security().equals(asked.spec().security());
    }

    void dial() {
        var dial = new Dial(cluster, endpoint.spec(), door.connection().remote());
        var begun = door.doors().shared().pools().connect(dial, List.of(Alpn.NEST_TCP));
        dialling = Optional.of(begun);
        begun.addListener((Future<Channel> done) -> {
            if (done.isSuccess()) connected(done.getNow());
            else unreachable(done.cause());
        });
    }

    private void connected(Channel made) {
        if (gone) {
            made.close();
            return;
        }
        channel = Optional.of(made);
        made.pipeline().addLast(this);
        for (var next = waiting.poll(); next != null; next = waiting.poll()) {
            write(made, next);
            next.sent(true);
        }
        waitingBytes = 0;
        made.flush(); // the preface, and what waited
        door.balance();
    }

    private void unreachable(Throwable cause) {
        if (gone) return;
        gone = true;
        unreachable = Optional.of(cause);
        door.gone(this);
        for (var next = waiting.poll(); next != null; next = waiting.poll()) next.unsent(this, cause);
        door.balance();
    }

    /** Sends it, or keeps it until there is a connection. */
    void send(Delivery delivery) {
        if (channel.isPresent()) {
            write(channel.get(), delivery);
            delivery.sent(false);
            channel.get().flush();
        } else if (unreachable.isPresent()) { // known at once: a limit of the cluster is reached
            delivery.unsent(this, unreachable.get());
        } else {
            waiting.add(delivery);
            waitingBytes += delivery.parcel().bytes();
        }
    }

    private void write(Channel to, Delivery delivery) {
        switch (delivery) {
            case Event event -> event.parcel().writeTo(to);
            case Call call -> {
                var other = call.isRepeated() || calls.containsKey(call.id().key());
                var id = other ? CallId.drawn(call.ledger().requestId(), ++idsDrawn) : call.id();
                calls.put(id.key(), call);
                call.sentAs(id.key());
                if (other) call.parcel().writeTo(to, id);
                else call.parcel().writeTo(to);
            }
        }
    }

    /** The call is over, or goes elsewhere: what still comes for it is thrown away. */
    void forget(Call call) {
        if (!calls.remove(call.sentAs(), call)) waiting.remove(call);
    }

    /** Whether no more should be read from the client for now. */
    boolean isFull() {
        return channel.map(c -> !door.backlog().takes(c)).orElse(waitingBytes > MOST_WAITING_BYTES);
    }

    /** What its endpoint has not taken yet. */
    long unwritten() {
        return channel.map(Backlog::of).orElse(0L);
    }

    boolean isIdle() {
        return calls.isEmpty() && waiting.isEmpty();
    }

    void reads(boolean may) {
        channel.ifPresent(c -> c.config().setAutoRead(may));
    }

    /** The client is gone, or this link is not needed any more. */
    void close() {
        gone = true;
        for (var next = waiting.poll(); next != null; next = waiting.poll()) next.clientGone(Reason.CALLER_GONE);
        dialling.ifPresent(dial -> dial.cancel(false));
        channel.ifPresent(Channel::close);
        if (channel.isEmpty()) reader.close();
    }

    // What the endpoint says.

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        var in = (ByteBuf) message;
        try {
            while (!gone) {
                var frame = reader.read(in, context.alloc());
                if (frame == null) break;
                take(context, frame);
            }
        } catch (MalformedMessage bad) {
            broken(new Reset(Reason.BAD_ANSWER, Failure.RESET_AFTER_HEADERS, String.valueOf(bad.getMessage())));
            context.close();
        } finally {
            in.release();
        }
    }

    private void take(ChannelHandlerContext context, FrameReader.Frame frame) {
        var body = frame.body();
        try {
            if (frame.tooLarge()) tooLarge(body);
            else reply(context, body);
        } finally {
            body.release();
        }
    }

    private void reply(ChannelHandlerContext context, ByteBuf body) {
        var reply = Message.read(body);
        var written = reply.id();
        if (written == null) return; // an event towards a client: Nest has none
        var id = CallId.of(written);
        var call = calls.get(id.key());
        if (call == null) return; // over already: timed out, or answered by another endpoint
        var trouble = trouble(reply);
        if (trouble.isPresent() && !call.hasBegun()) {
            var what = trouble.get();
            call.failed(new Reset(what.reason, what.failure, what.detail));
            if (what == ErrorReply.Trouble.DRAINING) door.retire(this);
            return;
        }
        served = true;
        if (id.key().equals(call.id().key())) {
            call.replied(body, Frames.units(body), reply);
            return;
        }
        var own = reply.with(context.alloc(), reply.idSpan(), call.id().written());
        try {
            call.replied(own, Frames.units(own), reply);
        } finally {
            own.release();
        }
    }

    /** Only a sidecar that proved who it is may say what became of a call behind it. */
    private Optional<ErrorReply.Trouble> trouble(Message reply) {
        return cluster.spec().security() instanceof ClusterSpec.Security.MutualTls && reply.hasError()
                ? ErrorReply.trouble(reply.error())
                : Optional.empty();
    }

    private void tooLarge(ByteBuf tail) {
        var call = MessageTail.id(tail).map(id -> calls.get(id.key()));
        if (call.isEmpty()) throw new MalformedMessage(NestTcpCode.TOO_LARGE, "a reply is too large, and has no id");
        var most = door.doors().settings().messageBytes();
        var detail = NestTcpCode.TOO_LARGE.code() + " a reply has more than " + most + " bytes";
        call.get().failed(new Reset(Reason.BAD_ANSWER, Failure.RESET_AFTER_HEADERS, detail));
    }

    private void closed(String detail) {
        broken(new Reset(Reason.UPSTREAM_CLOSED, new Failure.ResetBeforeResponse(served, true), detail));
    }

    private void broken(Reset why) {
        if (gone) return;
        gone = true;
        door.gone(this);
        for (var call : List.copyOf(calls.values())) call.failed(why);
        door.balance();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        door.flush();
        door.balance();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        door.balance();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        reader.close();
        closed("the connection was closed");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        closed(String.valueOf(cause.getMessage()));
        context.close();
    }
}
