package io.tulle.it.policies;

import java.net.InetSocketAddress;

/** The proxy of a caller, as the caller comes to it. */
interface Proxy {
    /** Where a caller's connection goes first. */
    InetSocketAddress entrance(Call call);

    /** What is said on it before the application's own bytes. */
    byte[] introduction(Call call);

    /** Whether what the proxy itself answers and logs has our codes and flags. */
    boolean isOurs();
}
