package io.tulle.cli;

import java.nio.file.Path;
import java.util.Map;

/**
 * Where a mesh of this user lives on this host: {@code ~/.tulle/<mesh>}, or below {@code TULLE_HOME}. Two meshes live side
 * by side under two names.
 */
public record MeshFolder(Path path) {
    /** The name of a mesh that is given none. */
    public static final String DEFAULT_MESH = "default";

    public static MeshFolder of(String mesh) {
        return new MeshFolder(home(System.getenv()).resolve(mesh));
    }

    /** {@code HOME} as every other tool reads it; the JVM's own notion of it is the password file's. */
    static Path home(Map<String, String> environment) {
        var named = environment.getOrDefault("TULLE_HOME", "");
        if (!named.isEmpty()) return Path.of(named);
        var user = environment.getOrDefault("HOME", "");
        return Path.of(user.isEmpty() ? System.getProperty("user.home") : user, ".tulle");
    }

    /** What outlives restarts: resources, the authority, tokens. */
    public Path state() {
        return path.resolve("state");
    }

    /** The control plane's sockets. */
    public Path run() {
        return path.resolve("run");
    }

    /** What each service has called, a file a service: asked for again when it starts. */
    public Path used() {
        return path.resolve("used");
    }

    /** What an instance has printed; outlives the run. */
    Path output(String instance) {
        return path.resolve("logs").resolve(instance + ".log");
    }

    /** One folder a running instance. */
    public Path runs() {
        return path.resolve("runs");
    }
}
