package io.tulle.proxy.preface;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/**
 * One PROXY protocol v2 header (haproxy.org, proxy-protocol.txt, section 2.2), command PROXY over TCP.
 *
 * @param source who calls
 * @param destination the address that was dialled
 * @param authority TLV 0x02: the name that was dialled
 * @param secret TLV 0xE0, Tulle's own: the launch's secret
 * @param asks TLV 0xE1, Tulle's own: whether the hook is to answer one byte (0x06) when the application has the connection
 */
public record ProxyHeader(
        InetSocketAddress source,
        InetSocketAddress destination,
        Optional<String> authority,
        Optional<LaunchSecret> secret,
        boolean asks) {
    /** The longest header that is read; what the hook sends is far shorter. */
    public static final int MAX_BYTES = 512;

    private static final long SIGNATURE_HIGH = 0x0d0a0d0a000d0a51L;
    private static final int SIGNATURE_LOW = 0x5549540a;
    private static final int FIXED = 16;
    private static final int PROXY_V2 = 0x21;
    private static final int TCP4 = 0x11;
    private static final int TCP6 = 0x21;
    private static final int AUTHORITY = 0x02;
    private static final int SECRET = 0xe0;
    private static final int ASKS = 0xe1;

    public ProxyHeader(
            InetSocketAddress source,
            InetSocketAddress destination,
            Optional<String> authority,
            Optional<LaunchSecret> secret) {
        this(source, destination, authority, secret, false);
    }

    /** The same, which asks for an answer. */
    public ProxyHeader asking() {
        return new ProxyHeader(source, destination, authority, secret, true);
    }

    /**
     * Reads one header off the buffer.
     *
     * @return empty when it is not whole yet; nothing was taken then
     * @throws IllegalArgumentException when it is none
     */
    public static Optional<ProxyHeader> read(ByteBuf in) {
        var start = in.readerIndex();
        requireSignature(in);
        if (in.readableBytes() < FIXED) return Optional.empty();
        if (in.getByte(start + 12) != PROXY_V2) throw new IllegalArgumentException("not version 2, command PROXY");
        var length = in.getUnsignedShort(start + 14);
        if (FIXED + length > MAX_BYTES) throw new IllegalArgumentException("a header over " + MAX_BYTES + " bytes");
        if (in.readableBytes() < FIXED + length) return Optional.empty();
        var family = in.getByte(start + 13);
        in.skipBytes(FIXED);
        return Optional.of(parse(family, in.readSlice(length)));
    }

    private static void requireSignature(ByteBuf in) {
        var start = in.readerIndex();
        for (int i = 0; i < Math.min(12, in.readableBytes()); i++) {
            var want = i < 8 ? (byte) (SIGNATURE_HIGH >>> (8 * (7 - i))) : (byte) (SIGNATURE_LOW >>> (8 * (11 - i)));
            if (in.getByte(start + i) != want) throw new IllegalArgumentException("no PROXY protocol v2 signature");
        }
    }

    private static ProxyHeader parse(byte family, ByteBuf body) {
        var width = switch (family) {
            case TCP4 -> 4;
            case TCP6 -> 16;
            default -> throw new IllegalArgumentException("neither TCP over IPv4 nor over IPv6");
        };
        if (body.readableBytes() < 2 * width + 4) throw new IllegalArgumentException("addresses cut short");
        var from = address(body, width);
        var to = address(body, width);
        var source = new InetSocketAddress(from, body.readUnsignedShort());
        var destination = new InetSocketAddress(to, body.readUnsignedShort());
        Optional<String> authority = Optional.empty();
        Optional<LaunchSecret> secret = Optional.empty();
        var asks = false;
        while (body.isReadable()) {
            if (body.readableBytes() < 3) throw new IllegalArgumentException("a TLV cut short");
            var type = body.readUnsignedByte();
            var length = body.readUnsignedShort();
            if (body.readableBytes() < length) throw new IllegalArgumentException("a TLV cut short");
            var value = new byte[length];
            body.readBytes(value);
            if (type == AUTHORITY) authority = Optional.of(new String(value, UTF_8));
            if (type == SECRET && length == 32) secret = Optional.of(LaunchSecret.of(value));
            if (type == ASKS) asks = true;
        }
        return new ProxyHeader(source, destination, authority, secret, asks);
    }

    private static InetAddress address(ByteBuf body, int width) {
        var bytes = new byte[width];
        body.readBytes(bytes);
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException impossible) {
            throw new IllegalArgumentException("an address of " + width + " bytes", impossible);
        }
    }

    /** The header as bytes; the caller owns them. Mixed families are written as IPv6. */
    public ByteBuf write(ByteBufAllocator buffers) {
        var four = source.getAddress() instanceof Inet4Address && destination.getAddress() instanceof Inet4Address;
        var out = buffers.buffer(128);
        out.writeLong(SIGNATURE_HIGH).writeInt(SIGNATURE_LOW);
        out.writeByte(PROXY_V2).writeByte(four ? TCP4 : TCP6).writeShort(0);
        out.writeBytes(wide(source.getAddress(), four)).writeBytes(wide(destination.getAddress(), four));
        out.writeShort(source.getPort()).writeShort(destination.getPort());
        authority.ifPresent(name -> tlv(out, AUTHORITY, name.getBytes(UTF_8)));
        secret.ifPresent(s -> tlv(out, SECRET, s.bytes()));
        if (asks) tlv(out, ASKS, new byte[0]);
        return out.setShort(14, out.readableBytes() - FIXED);
    }

    private static void tlv(ByteBuf out, int type, byte[] value) {
        out.writeByte(type).writeShort(value.length).writeBytes(value);
    }

    private static byte[] wide(InetAddress address, boolean four) {
        var bytes = address.getAddress();
        if (four || bytes.length == 16) return bytes;
        var mapped = new byte[16];
        mapped[10] = mapped[11] = (byte) 0xff;
        System.arraycopy(bytes, 0, mapped, 12, 4);
        return mapped;
    }
}
