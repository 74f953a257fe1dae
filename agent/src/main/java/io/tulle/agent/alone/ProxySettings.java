package io.tulle.agent.alone;

import io.tulle.model.ServiceName;
import io.tulle.model.world.ServicePort;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/**
 * What a proxy that stands alone is told.
 *
 * @param self the service that it stands before, or speaks as
 * @param account the last part of the identity that peers expect of it
 * @param labels by which policies and subsets select it
 * @param expose ports of the application behind it
 * @param applications declared port → where the application listens; loopback at that port where nothing is said
 * @param inbound where peers connect, over mutual TLS; none when nothing is exposed
 * @param doors where callers come in, in plaintext, and which destination they mean
 */
public record ProxySettings(
        ServiceName self,
        String account,
        SortedMap<String, String> labels,
        List<ServicePort> expose,
        Map<Integer, InetSocketAddress> applications,
        Optional<InetSocketAddress> inbound,
        List<Door> doors) {
    public ProxySettings {
        expose = List.copyOf(expose);
        applications = Map.copyOf(applications);
        doors = List.copyOf(doors);
    }

    /** A plaintext listener at {@code at} for callers of {@code host}, {@code port}. */
    public record Door(InetSocketAddress at, String host, int port) {
        /** Of its listener. */
        public String name() {
            return "listen|" + at.getAddress().getHostAddress() + ":" + at.getPort();
        }
    }
}
