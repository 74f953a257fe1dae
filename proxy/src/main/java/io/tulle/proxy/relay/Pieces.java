package io.tulle.proxy.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SslHandler;
import io.tulle.proxy.pool.Reading;
import io.tulle.proxy.tls.Alpn;
import java.util.Optional;

/**
 * Opaque bytes between two sidecars ({@link Alpn#TCP}): pieces, each behind its length in four bytes, and a length of zero
 * for the end. Before its first piece the callee's sidecar says whether its application took the connection; until then the
 * caller's sidecar sends nothing, and so may go elsewhere. TLS has a word for it too (close_notify), but OpenSSL's engine closes both directions when it hears that, and
 * a connection that was cut would look whole. The end comes as a {@link ChannelInputShutdownEvent}, as from a plain socket.
 */
public final class Pieces extends ChannelDuplexHandler {
    private static final int LENGTH = Integer.BYTES;
    private static final int TAKEN = -1;
    private static final int NOT_TAKEN = -2;

    private final Channel channel;
    /** Of the piece that is being read. */
    private int left;

    private int digits;
    private int length;
    private boolean heardEnd;
    private boolean saidEnd;
    private Optional<Answer> awaited = Optional.empty();

    /** Hears whether the application at the other end took the connection. */
    interface Answer {
        void taken();

        void notTaken();
    }

    private Pieces(Channel channel) {
        this.channel = channel;
    }

    /** Puts itself at the end of the pipeline where both ends have settled on pieces; nothing happens elsewhere. */
    public static void speakIfSettled(Channel channel) {
        var secured = channel.pipeline().get(SslHandler.class);
        if (secured != null && Alpn.TCP.equals(secured.applicationProtocol()))
            channel.pipeline().addLast(new Pieces(channel));
    }

    /** Those of a channel, where it speaks them. */
    static Optional<Pieces> of(Channel channel) {
        return Optional.ofNullable(channel.pipeline().get(Pieces.class));
    }

    /** Waits for the other sidecar's word; reading is on from now on. */
    void await(Answer answer) {
        awaited = Optional.of(answer);
        Reading.on(channel);
    }

    void sayTaken() {
        mark(TAKEN);
    }

    void sayNotTaken() {
        mark(NOT_TAKEN);
    }

    private void mark(int word) {
        channel.pipeline()
                .context(this)
                .writeAndFlush(Unpooled.buffer(LENGTH, LENGTH).writeInt(word));
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        var in = (ByteBuf) message;
        try {
            while (in.isReadable()) {
                if (heardEnd) { // whoever speaks behind its end is no sidecar
                    context.close();
                    return;
                }
                if (left > 0) piece(context, in);
                else if (isLengthRead(in)) begin(context);
            }
        } finally {
            in.release();
        }
    }

    private void piece(ChannelHandlerContext context, ByteBuf in) {
        var size = Math.min(left, in.readableBytes());
        left -= size;
        context.fireChannelRead(in.readRetainedSlice(size));
    }

    private boolean isLengthRead(ByteBuf in) {
        while (digits < LENGTH && in.isReadable()) {
            length = length << 8 | in.readUnsignedByte();
            digits++;
        }
        return digits == LENGTH;
    }

    private void begin(ChannelHandlerContext context) {
        left = length;
        digits = 0;
        length = 0;
        if (awaited.isPresent()) answered(context);
        else if (left <= 0) ended(context);
    }

    /** Anything else than one of the two words is no sidecar's. */
    private void answered(ChannelHandlerContext context) {
        var answer = awaited.orElseThrow();
        awaited = Optional.empty();
        var taken = left == TAKEN;
        heardEnd = !taken;
        left = 0;
        if (taken) {
            answer.taken();
        } else {
            answer.notTaken();
            context.close();
        }
    }

    private void ended(ChannelHandlerContext context) {
        heardEnd = true;
        if (left < 0) context.close(); // no sidecar sends so much at once
        else context.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (message instanceof ByteBuf bytes && bytes.isReadable()) {
            var head = context.alloc().directBuffer(LENGTH).writeInt(bytes.readableBytes());
            context.write(head, context.voidPromise());
        }
        context.write(message, promise);
    }

    /** Says that this end has said all, behind all that was written. */
    void end() {
        if (saidEnd) return;
        saidEnd = true;
        mark(0);
    }
}
