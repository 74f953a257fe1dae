package io.tulle.proxy.listen;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.unix.RawUnixChannelOption;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalInt;

/** Whom a caller dialled before a rule of the kernel led it here: Linux's SO_ORIGINAL_DST. */
final class OriginalDestination {
    private static final RawUnixChannelOption IPV4 = new RawUnixChannelOption("SO_ORIGINAL_DST", 0, 80, 16);
    private static final RawUnixChannelOption IPV6 = new RawUnixChannelOption("IP6T_SO_ORIGINAL_DST", 41, 80, 28);

    private OriginalDestination() {}

    /** Empty when no rule led it here. */
    static Optional<InetSocketAddress> of(Channel channel) {
        if (!(channel.localAddress() instanceof InetSocketAddress local)) return Optional.empty();
        var four = local.getAddress() instanceof Inet4Address;
        try {
            return Optional.ofNullable(channel.config().getOption(four ? IPV4 : IPV6))
                    .map(raw -> read(raw, four))
                    .filter(dialled -> !dialled.equals(local));
        } catch (ChannelException _) {
            return Optional.empty(); // the kernel knows of no other
        }
    }

    /** The port that a caller dialled; empty when it dialled the one where it is. */
    static OptionalInt port(Channel channel) {
        return of(channel).map(dialled -> OptionalInt.of(dialled.getPort())).orElseGet(OptionalInt::empty);
    }

    /** A {@code sockaddr_in} or {@code sockaddr_in6}: family, port, and for IPv6 the flow label, then the address. */
    private static InetSocketAddress read(ByteBuffer raw, boolean four) {
        var address = new byte[four ? 4 : 16];
        raw.get(raw.position() + (four ? 4 : 8), address);
        try {
            return new InetSocketAddress(InetAddress.getByAddress(address), raw.getShort(raw.position() + 2) & 0xffff);
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
