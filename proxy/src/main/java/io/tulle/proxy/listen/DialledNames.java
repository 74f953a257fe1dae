package io.tulle.proxy.listen;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;

/** What an application means by an address that it dialled, where it was told addresses for names. Asked on event loops. */
public interface DialledNames {
    /** The name; empty when it means the address itself. */
    Optional<String> meantBy(InetSocketAddress dialled);

    /** Whether nothing but names of the mesh can be meant by an address, so that it must not be dialled as it is. */
    boolean isOurs(InetAddress address);
}
