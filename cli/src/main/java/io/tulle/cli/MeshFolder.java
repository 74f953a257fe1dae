package io.tulle.cli;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Where a mesh of this user lives on this host: {@code ~/.tulle/<mesh>}, or below {@code TULLE_HOME}. Two meshes live side
 * by side under two names.
 */
public record MeshFolder(Path path) {
    /** The name of a mesh that is given none. */
    public static final String DEFAULT_MESH = "default";

    public static MeshFolder of(String mesh) {
        var home = Optional.ofNullable(System.getenv("TULLE_HOME"))
                .map(Path::of)
                .orElseGet(() -> Path.of(System.getProperty("user.home"), ".tulle"));
        return new MeshFolder(home.resolve(mesh));
    }

    /** What outlives restarts: resources, the authority, tokens. */
    public Path state() {
        return path.resolve("state");
    }

    /** The control plane's sockets. */
    public Path run() {
        return path.resolve("run");
    }

    /** One folder a running instance. */
    public Path runs() {
        return path.resolve("runs");
    }
}
