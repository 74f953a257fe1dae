package io.tulle.proxy.relay;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.tulle.proxy.message.Connection;
import io.tulle.proxy.message.Reason;
import io.tulle.proxy.pool.Transport;
import io.tulle.proxy.report.Outcome;
import java.time.Duration;
import java.util.Optional;

/**
 * Bytes for somebody who is not in the mesh, to the very address that the application dialled. When nobody answers there,
 * the application's connection is reset.
 */
public final class PassThrough extends Relay {
    /** Istio's connect timeout; what the application itself would wait does not reach us. */
    private static final Duration CONNECT = Duration.ofSeconds(10);

    private Optional<Channel> dialling = Optional.empty();

    public PassThrough(Relays relays, Connection connection, Channel caller) {
        super(relays, connection, caller);
    }

    /** Dials; this handler is in the pipeline already. */
    public void begin(Transport transport) {
        hold();
        var to = connection().local(); // where the application believes to be
        var begun = new Bootstrap()
                .group(caller().eventLoop())
                .channel(transport.towards(to))
                .option(ChannelOption.AUTO_READ, false)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) CONNECT.toMillis())
                .handler(new ChannelInboundHandlerAdapter())
                .connect(to);
        dialling = Optional.of(begun.channel());
        begun.addListener((ChannelFuture done) -> {
            if (done.isSuccess()) joined(done.channel());
            else failed(String.valueOf(done.cause().getMessage()));
        });
    }

    /** A caller that hangs up waits for nobody any more; what was joined is its join's to close, in order. */
    @Override
    void ended() {
        if (!isJoined()) dialling.ifPresent(Channel::close);
    }

    private void failed(String why) {
        caller().config().setOption(ChannelOption.SO_LINGER, 0); // closes with a reset: nobody was there
        end(new Outcome(0, Optional.of(Reason.CONNECT_FAILED), false, why, true));
    }
}
