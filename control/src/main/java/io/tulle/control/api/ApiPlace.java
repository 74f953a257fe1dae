package io.tulle.control.api;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Set;

/**
 * Where the API is reached.
 *
 * @param address one port for TLS and plain HTTP; port 0 takes a free one
 * @param socket the Unix socket for this user's and root's processes; its folder must be closed to others (0700)
 * @param names further host names by which it is called, beside localhost and the loopback addresses
 */
public record ApiPlace(InetSocketAddress address, Path socket, Set<String> names) {
    public ApiPlace {
        names = Set.copyOf(names);
    }
}
