package io.tulle.proxy.plan;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/** IP addresses as text to socket addresses: a name is refused, since resolving it would block a loop. */
public final class Addresses {
    private Addresses() {}

    /** @throws IllegalArgumentException when the text is no IP address */
    public static InetSocketAddress of(String ip, int port) {
        var bytes = NetUtil.createByteArrayFromIpAddressString(ip);
        if (bytes == null) throw new IllegalArgumentException("not an IP address: '" + ip + "'");
        try {
            return new InetSocketAddress(InetAddress.getByAddress(bytes), port);
        } catch (UnknownHostException impossible) {
            throw new IllegalArgumentException("not an IP address: '" + ip + "'", impossible);
        }
    }

    public static boolean isAddress(String text) {
        return NetUtil.createByteArrayFromIpAddressString(text) != null;
    }

    /** 127.0.0.1 at this port. */
    public static InetSocketAddress loopback(int port) {
        return of("127.0.0.1", port);
    }
}
