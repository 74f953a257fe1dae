package io.tulle.control;

import io.tulle.model.world.MeshSettings;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What one control plane is told.
 *
 * @param name the mesh's, for people
 * @param state where the store, the authority's key and the tokens live, 0700; it outlives restarts
 * @param run where its sockets stand, 0700
 * @param api where the API listens (default 127.0.0.1:15080)
 * @param xds where sidecars connect (default 127.0.0.1:15012)
 * @param leafLife how long a sidecar's certificate lives (default 24 h)
 * @param version Tulle's
 */
public record ControlPlaneSettings(
        String name,
        Path state,
        Path run,
        MeshSettings mesh,
        InetSocketAddress api,
        InetSocketAddress xds,
        Duration leafLife,
        String version) {
    /** The API's Unix socket, for the CLI of the same user. */
    public static final String API_SOCKET = "api.sock";

    /** The Unix socket at which sidecars of this host join. */
    public static final String XDS_SOCKET = "xds.sock";
}
