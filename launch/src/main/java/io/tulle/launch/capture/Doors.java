package io.tulle.launch.capture;

import java.net.InetSocketAddress;
import java.util.Optional;

/** Gives a process that is caught by {@code env} its doors: one loopback address and port for each name and port it uses. */
@FunctionalInterface
public interface Doors {
    /**
     * The door that leads there; the same one for the same question.
     *
     * @param name as the application wrote it: {@code catalog}, {@code cart.shop}, {@code 10.1.2.3}
     * @return empty when it is nothing of the mesh, and its address is left as it is
     */
    Optional<InetSocketAddress> doorTo(String name, int port);
}
