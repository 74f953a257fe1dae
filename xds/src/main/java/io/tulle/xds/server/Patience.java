package io.tulle.xds.server;

import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.logging.RequestLogProperty;
import com.linecorp.armeria.server.DecoratingHttpServiceFunction;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.util.AttributeKey;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * How long a server waits for its callers: for the first head of a connection, and for an answer to be taken. A body has the
 * request's own time limit. Streams without a time limit (watches, discovery) look after themselves.
 *
 * @param head from the connection to its first whole head, the handshake included
 * @param answer from a head to the last byte of its answer; the connection of a caller that does not read is closed
 */
public record Patience(Duration head, Duration answer) implements DecoratingHttpServiceFunction {
    public static final Patience DEFAULT = new Patience(Duration.ofSeconds(20), Duration.ofSeconds(60));

    private static final AttributeKey<Boolean> ASKED = AttributeKey.valueOf(Patience.class, "ASKED");

    /** Begins to wait for a new connection's first head. */
    public void admit(ChannelPipeline pipeline) {
        var channel = pipeline.channel();
        var timer = channel.eventLoop()
                .schedule(
                        () -> {
                            if (!channel.hasAttr(ASKED)) channel.close();
                        },
                        head.toMillis(),
                        TimeUnit.MILLISECONDS);
        channel.closeFuture().addListener(_ -> timer.cancel(false));
    }

    @Override
    public HttpResponse serve(HttpService next, ServiceRequestContext context, HttpRequest request) throws Exception {
        var session = context.log().ensureAvailable(RequestLogProperty.SESSION);
        Optional.ofNullable(session.channel()).ifPresent(channel -> {
            channel.attr(ASKED).set(true);
            var timer = channel.eventLoop()
                    .schedule(() -> late(context, channel), answer.toMillis(), TimeUnit.MILLISECONDS);
            context.log().whenComplete().thenRun(() -> timer.cancel(false));
        });
        return next.serve(context, request);
    }

    /** An answer that waits in the window of an HTTP/2 stream is memory, and no write that a socket could time. */
    private static void late(ServiceRequestContext context, Channel channel) {
        var hasLimit = context.requestTimeoutMillis() > 0;
        if (!hasLimit || context.log().isComplete()) return;
        // The polite close of HTTP/2 would wait for the very stream that is not read.
        channel.unsafe().close(channel.newPromise());
    }
}
