package io.tulle.proxy;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** A gRPC service of strings, without protobuf: one method of each kind. */
final class Calls {
    static final Metadata.Key<String> TRAILER = Metadata.Key.of("x-basket", Metadata.ASCII_STRING_MARSHALLER);
    static final MethodDescriptor<String, String> UNARY = method(MethodType.UNARY, "Add");
    static final MethodDescriptor<String, String> LISTING = method(MethodType.SERVER_STREAMING, "List");
    static final MethodDescriptor<String, String> FILLING = method(MethodType.CLIENT_STREAMING, "Fill");
    static final MethodDescriptor<String, String> TALKING = method(MethodType.BIDI_STREAMING, "Talk");

    private Calls() {}

    private static MethodDescriptor<String, String> method(MethodType type, String name) {
        return MethodDescriptor.<String, String>newBuilder()
                .setType(type)
                .setFullMethodName(MethodDescriptor.generateFullMethodName("shop.Cart", name))
                .setRequestMarshaller(new Text())
                .setResponseMarshaller(new Text())
                .build();
    }

    private static final class Text implements MethodDescriptor.Marshaller<String> {
        @Override
        public InputStream stream(String value) {
            return new ByteArrayInputStream(value.getBytes(UTF_8));
        }

        @Override
        public String parse(InputStream stream) {
            try {
                return new String(stream.readAllBytes(), UTF_8);
            } catch (IOException broken) {
                throw new UncheckedIOException(broken);
            }
        }
    }
}
