package io.tulle.proxy;

import io.tulle.testkit.TestLeaf;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import javax.net.ssl.SNIHostName;

/** A real ClientHello (RFC 8446 section 4.1.2), taken apart so that a test can put it together wrongly. */
final class ClientHello {
    static final int SERVER_NAME = 0;
    static final int SUPPORTED_GROUPS = 10;
    static final int SIGNATURE_ALGORITHMS = 13;
    static final int ALPN = 16;
    static final int PRE_SHARED_KEY = 41;
    static final int SUPPORTED_VERSIONS = 43;
    static final int KEY_SHARE = 51;

    /** One extension, its length left to the writer. */
    record Extension(int type, byte[] data) {}

    int version;
    byte[] random;
    byte[] session;
    byte[] ciphers;
    byte[] compressions;
    final List<Extension> extensions = new ArrayList<>();
    byte[] behind = {};

    private ClientHello(ByteBuffer in) {
        in.position(9); // the record's header and the message's
        version = in.getShort() & 0xffff;
        random = bytes(in, 32);
        session = bytes(in, in.get() & 0xff);
        ciphers = bytes(in, in.getShort() & 0xffff);
        compressions = bytes(in, in.get() & 0xff);
        in.getShort();
        while (in.hasRemaining()) extensions.add(new Extension(in.getShort(), bytes(in, in.getShort() & 0xffff)));
    }

    /** What the JDK would say to this name. */
    static ClientHello to(String serverName, TestLeaf leaf, String protocol) {
        try {
            var engine = leaf.trustingContext(protocol).createSSLEngine();
            engine.setUseClientMode(true);
            var parameters = engine.getSSLParameters();
            parameters.setServerNames(List.of(new SNIHostName(serverName)));
            parameters.setApplicationProtocols(new String[] {"http/1.1"});
            parameters.setProtocols(new String[] {protocol});
            engine.setSSLParameters(parameters);
            var out = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
            engine.wrap(ByteBuffer.allocate(0), out);
            return new ClientHello(out.flip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    ClientHello but(Consumer<ClientHello> change) {
        change.accept(this);
        return this;
    }

    ClientHello without(int... types) {
        extensions.removeIf(e -> Arrays.stream(types).anyMatch(type -> type == e.type()));
        return this;
    }

    ClientHello with(int type, int... data) {
        var bytes = new byte[data.length];
        for (int i = 0; i < data.length; i++) bytes[i] = (byte) data[i];
        extensions.add(new Extension(type, bytes));
        return this;
    }

    /** One record that holds it all. */
    byte[] record() {
        var body = written(out -> {
            out.writeShort(version);
            out.write(random);
            out.writeByte(session.length);
            out.write(session);
            out.writeShort(ciphers.length);
            out.write(ciphers);
            out.writeByte(compressions.length);
            out.write(compressions);
            var all = written(more -> {
                for (var extension : extensions) {
                    more.writeShort(extension.type());
                    more.writeShort(extension.data().length);
                    more.write(extension.data());
                }
            });
            out.writeShort(all.length);
            out.write(all);
            out.write(behind);
        });
        return written(out -> {
            out.writeByte(0x16);
            out.writeShort(0x0301);
            out.writeShort(body.length + 4);
            out.writeInt(0x01000000 | body.length);
            out.write(body);
        });
    }

    private interface Writing {
        void to(DataOutputStream out) throws IOException;
    }

    private static byte[] written(Writing writing) {
        var bytes = new ByteArrayOutputStream();
        try {
            writing.to(new DataOutputStream(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static byte[] bytes(ByteBuffer in, int count) {
        var bytes = new byte[count];
        in.get(bytes);
        return bytes;
    }
}
