package io.tulle.it.mesh;

import io.tulle.control.ControlPlane;
import io.tulle.control.ControlPlaneSettings;
import io.tulle.model.world.MeshSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;

/** A control plane of a test's own, on free ports of loopback, found by runs in the folder {@code run} as {@code tulle control}'s is. */
final class FolderControl {
    private FolderControl() {}

    static ControlPlane start(Path folder) throws IOException {
        var free = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);
        var control = ControlPlane.start(
                new ControlPlaneSettings(
                        "test",
                        folder.resolve("state"),
                        folder.resolve("run"),
                        MeshSettings.DEFAULT,
                        free,
                        free,
                        Duration.ofHours(1),
                        "0.1.0"),
                Clock.systemUTC(),
                new SecureRandom());
        Files.writeString(
                folder.resolve("run/control.json"),
                "{\"xds\":\"127.0.0.1:" + control.xdsAddress().getPort() + "\"}");
        return control;
    }
}
