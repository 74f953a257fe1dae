package io.tulle.it.grpc;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** A gRPC server without a proxy, and its one call. */
record Greeter(Server server) implements AutoCloseable {
    private static final MethodDescriptor<String, String> GREET = MethodDescriptor.<String, String>newBuilder()
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName("shop.Greeter/Greet")
            .setRequestMarshaller(new Text())
            .setResponseMarshaller(new Text())
            .build();

    static Greeter start(String name) throws IOException {
        var service = ServerServiceDefinition.builder("shop.Greeter")
                .addMethod(GREET, ServerCalls.asyncUnaryCall((request, answer) -> {
                    answer.onNext(name);
                    answer.onCompleted();
                }))
                .build();
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        return new Greeter(NettyServerBuilder.forAddress(address)
                .addService(service)
                .build()
                .start());
    }

    int port() {
        return server.getPort();
    }

    /** Who answers. */
    static String greet(Channel channel) {
        var options =
                CallOptions.DEFAULT.withDeadlineAfter(45, TimeUnit.SECONDS).withWaitForReady();
        return ClientCalls.blockingUnaryCall(channel, GREET, options, "hello");
    }

    @Override
    public void close() {
        server.shutdownNow();
    }

    private record Text() implements MethodDescriptor.Marshaller<String> {
        @Override
        public InputStream stream(String value) {
            return new ByteArrayInputStream(value.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public String parse(InputStream stream) {
            try {
                return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
