package io.tulle.proxy;

import io.tulle.model.match.PathNormalizer;
import io.tulle.proxy.exchange.ExchangeSettings;
import io.tulle.proxy.http1.DoorSettings;
import io.tulle.proxy.http1.Limits;
import io.tulle.proxy.listen.DialledNames;
import io.tulle.proxy.pool.ApplicationNetwork;
import io.tulle.proxy.preface.LaunchSecret;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * All that a sidecar is told beside its snapshot.
 *
 * @param application what its application is called where an answer, a page or a log says who failed
 * @param namespace the application's, in which a short name means a service
 * @param inbound where the mesh port stands (port 0: any free one); empty for a proxy that peers do not call
 * @param outboundSocket the Unix socket where the Node hook comes in; empty for none
 * @param outboundPort a loopback socket for the same, with the same header; empty for none
 * @param redirect for an application in a network of its own, where the mesh port then stands too; empty for one on the host
 * @param secret the launch's secret, without which nobody comes in at either
 * @param introduction how long a caller may take until its PROXY header or TLS handshake is whole (Envoy's
 *     transport_socket_connect_timeout: 10 s)
 * @param drain how long what is in flight may take when the sidecar goes (Istio's drain duration: 45 s)
 * @param places where a bound socket that the plan asks for stands on this machine: a gateway may be told other ports than are declared
 */
public record SidecarSettings(
        String application,
        String namespace,
        Optional<InetSocketAddress> inbound,
        Optional<Path> outboundSocket,
        Optional<InetSocketAddress> outboundPort,
        Optional<Redirect> redirect,
        Optional<LaunchSecret> secret,
        DoorSettings doors,
        ExchangeSettings exchanges,
        Duration introduction,
        Duration drain,
        Bounds bounds,
        UnaryOperator<InetSocketAddress> places) {

    /** The defaults of docs/reference/defaults.md, with no socket of its own. */
    public static final SidecarSettings DEFAULT = new SidecarSettings(
            "application",
            "default",
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            new DoorSettings(
                    Limits.DEFAULT,
                    new PathNormalizer(PathNormalizer.Mode.BASE), // Istio's default
                    Duration.ofHours(1).toMillis(), // Envoy's idle_timeout
                    Duration.ofSeconds(60).toMillis(), // Node's headersTimeout
                    Duration.ofSeconds(1).toMillis(), // Envoy's delayed_close_timeout
                    64 * 1024),
            new ExchangeSettings(1024 * 1024, Duration.ZERO),
            Duration.ofSeconds(10),
            Duration.ofSeconds(45),
            new Bounds(4096, 48 * 1024 * 1024),
            UnaryOperator.identity());

    /**
     * What all callers of a sidecar may take together.
     *
     * @param connections how many each listener may have open
     * @param heldBytes how much of bodies is held in all for readers that are slower than writers; beyond three quarters of it
     *     nothing new is begun, beyond it the largest streams end (as Envoy's overload manager does)
     */
    public record Bounds(int connections, long heldBytes) {}

    /**
     * Where the rules of a network lead what its application dials.
     *
     * @param outbound sockets on its loopback, one a family
     * @param names what the application means by the addresses that it dials
     */
    public record Redirect(List<InetSocketAddress> outbound, ApplicationNetwork network, DialledNames names) {
        public Redirect {
            outbound = List.copyOf(outbound);
        }
    }

    /** The network that the mesh port and the application are in. */
    ApplicationNetwork network() {
        return redirect.map(Redirect::network).orElse(ApplicationNetwork.SHARED);
    }

    /** The sidecar of an instance of this name, in a namespace. */
    public SidecarSettings of(String instance, String home) {
        return new SidecarSettings(
                "application of " + instance,
                home,
                inbound,
                outboundSocket,
                outboundPort,
                redirect,
                secret,
                doors,
                exchanges,
                introduction,
                drain,
                bounds,
                places);
    }

    public SidecarSettings with(Bounds other) {
        return new SidecarSettings(
                application,
                namespace,
                inbound,
                outboundSocket,
                outboundPort,
                redirect,
                secret,
                doors,
                exchanges,
                introduction,
                drain,
                other,
                places);
    }

    /** @param where where a socket that the plan asks for stands on this machine */
    public SidecarSettings with(UnaryOperator<InetSocketAddress> where) {
        return new SidecarSettings(
                application,
                namespace,
                inbound,
                outboundSocket,
                outboundPort,
                redirect,
                secret,
                doors,
                exchanges,
                introduction,
                drain,
                bounds,
                where);
    }

    public SidecarSettings withInbound(InetSocketAddress address) {
        return with(Optional.of(address), outboundSocket, outboundPort, redirect, secret, doors, exchanges);
    }

    public SidecarSettings withOutbound(Path socket, LaunchSecret launch) {
        return with(inbound, Optional.of(socket), outboundPort, redirect, Optional.of(launch), doors, exchanges);
    }

    public SidecarSettings withOutbound(InetSocketAddress loopback, LaunchSecret launch) {
        return with(inbound, outboundSocket, Optional.of(loopback), redirect, Optional.of(launch), doors, exchanges);
    }

    public SidecarSettings with(Redirect other) {
        return with(inbound, outboundSocket, outboundPort, Optional.of(other), secret, doors, exchanges);
    }

    public SidecarSettings with(DoorSettings other) {
        return with(inbound, outboundSocket, outboundPort, redirect, secret, other, exchanges);
    }

    public SidecarSettings with(ExchangeSettings other) {
        return with(inbound, outboundSocket, outboundPort, redirect, secret, doors, other);
    }

    private SidecarSettings with(
            Optional<InetSocketAddress> meshPort,
            Optional<Path> socket,
            Optional<InetSocketAddress> port,
            Optional<Redirect> redirected,
            Optional<LaunchSecret> launch,
            DoorSettings reading,
            ExchangeSettings exchanging) {
        return new SidecarSettings(
                application,
                namespace,
                meshPort,
                socket,
                port,
                redirected,
                launch,
                reading,
                exchanging,
                introduction,
                drain,
                bounds,
                places);
    }
}
