package io.tulle.cli.api;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpVersion;
import io.tulle.xds.RootCause;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Speaks HTTP to the control plane over its Unix socket; whose process this is, the kernel tells it. */
public final class ApiClient implements AutoCloseable {
    private static final int MAX_ANSWER = 64 << 20;

    private final Path socket;
    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());

    public ApiClient(Path socket) {
        this.socket = socket;
    }

    /** What was answered. */
    public record Answer(int status, String body) {
        public boolean isGood() {
            return status >= 200 && status < 300;
        }
    }

    /** The control plane did not answer: it is not there, or it hangs. */
    public static final class Unreachable extends Exception {
        private static final long serialVersionUID = 1;

        Unreachable(String message) {
            super(message);
        }
    }

    public Answer get(String path) throws Unreachable {
        return send(HttpMethod.GET, path, "");
    }

    public Answer post(String path, String json) throws Unreachable {
        return send(HttpMethod.POST, path, json);
    }

    public Answer delete(String path) throws Unreachable {
        return send(HttpMethod.DELETE, path, "");
    }

    private Answer send(HttpMethod method, String path, String body) throws Unreachable {
        var answer = new CompletableFuture<Answer>();
        var connected = new Bootstrap()
                .group(loop)
                .channel(EpollDomainSocketChannel.class)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(
                                        new HttpClientCodec(),
                                        new HttpObjectAggregator(MAX_ANSWER),
                                        new Reader(answer));
                    }
                })
                .connect(new DomainSocketAddress(socket.toFile()));
        connected.addListener(done -> {
            if (!done.isSuccess()) {
                answer.completeExceptionally(done.cause());
                return;
            }
            var request = new DefaultFullHttpRequest(
                    HttpVersion.HTTP_1_1, method, path, Unpooled.copiedBuffer(body, StandardCharsets.UTF_8));
            request.headers()
                    .set(HttpHeaderNames.HOST, "localhost")
                    .set(HttpHeaderNames.ACCEPT, "application/json")
                    .set(HttpHeaderNames.CONTENT_TYPE, "application/json")
                    .set(HttpHeaderNames.CONTENT_LENGTH, request.content().readableBytes());
            connected.channel().writeAndFlush(request);
        });
        try {
            return answer.get(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Unreachable("interrupted");
        } catch (ExecutionException e) {
            throw new Unreachable(why(e));
        } catch (TimeoutException _) {
            throw new Unreachable("no answer within 30 s");
        }
    }

    /** The deepest cause in its own words, without the names of classes; the socket's path is told beside it. */
    private static String why(Throwable thrown) {
        var deepest = RootCause.deepest(thrown);
        var said = deepest.getMessage();
        if (deepest instanceof java.io.FileNotFoundException) return "there is no such socket";
        if (deepest instanceof java.net.ConnectException) return "nobody listens there";
        return said == null || said.isEmpty() ? "it broke off" : said;
    }

    @Override
    public void close() {
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private static final class Reader extends SimpleChannelInboundHandler<FullHttpResponse> {
        private final CompletableFuture<Answer> answer;

        Reader(CompletableFuture<Answer> answer) {
            this.answer = answer;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, FullHttpResponse response) {
            answer.complete(
                    new Answer(response.status().code(), response.content().toString(StandardCharsets.UTF_8)));
            context.close();
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            answer.completeExceptionally(new java.io.IOException("the connection ended without an answer"));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            answer.completeExceptionally(cause);
            context.close();
        }
    }
}
