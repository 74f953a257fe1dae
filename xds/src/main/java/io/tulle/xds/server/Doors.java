package io.tulle.xds.server;

import com.linecorp.armeria.common.util.DomainSocketAddress;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import io.tulle.xds.RootCause;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** A server of the control plane at its two doors: an address, and a Unix socket for this user alone. */
public final class Doors implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Server server;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Path socket;

    private Doors(Server server, Path socket) {
        this.server = server;
        this.socket = socket;
    }

    /**
     * Opens both; what a control plane that was killed left at the socket's place is removed.
     *
     * @param address what the builder was told, for the message
     */
    public static Doors open(ServerBuilder builder, InetSocketAddress address, Path socket) throws IOException {
        Files.deleteIfExists(socket);
        var server = builder.build();
        try {
            server.start().join();
        } catch (CompletionException e) {
            throw new IOException(
                    "it cannot listen at " + address.getHostString() + ":" + address.getPort() + ": " + RootCause.of(e),
                    e);
        }
        Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
        return new Doors(server, socket);
    }

    /** The address with the port that was taken. */
    public InetSocketAddress address() {
        return server.activePorts().values().stream()
                .map(port -> port.localAddress())
                .filter(address -> !(address instanceof DomainSocketAddress))
                .findFirst()
                .orElseThrow();
    }

    /** Waits for nobody who keeps a connection open: what is left after a moment ends with the loops or the process. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) return;
        server.stop()
                .copy()
                .completeOnTimeout(null, PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                .join();
        try {
            Files.deleteIfExists(socket);
        } catch (IOException _) { // the next start removes it
        }
    }
}
