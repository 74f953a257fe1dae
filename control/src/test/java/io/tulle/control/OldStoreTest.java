package io.tulle.control;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tulle.control.store.Batch;
import io.tulle.control.store.Change;
import io.tulle.control.store.Database;
import io.tulle.control.store.EmbeddedStore;
import io.tulle.control.store.Guard;
import io.tulle.control.store.Manifest;
import io.tulle.control.store.ResourceKey;
import io.tulle.model.world.MeshSettings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A control plane over the store of an older version, which accepted what this one refuses. */
final class OldStoreTest {
    @TempDir
    private Path folder;

    @Test
    void whatIsNotInForceIsNamedByPsAndByCheck() throws Exception {
        var state = Files.createDirectory(
                folder.resolve("state"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        remember(state, "{\"spec\":{\"rules\":[{\"from\":[{\"source\":{\"ipBlocks\":[\"10.0.0.04\"]}}]}],\"action\":\"DENY\"}}");
        var free = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        var settings = new ControlPlaneSettings(
                "shop", state, folder.resolve("run"), MeshSettings.DEFAULT, free, free, Duration.ofHours(24), "1.2.3");
        try (var control = ControlPlane.start(settings, Clock.systemUTC(), new SecureRandom());
                var client = HttpClient.newHttpClient()) {
            while (control.mesh().leftOut().isEmpty() && !Thread.currentThread().isInterrupted()) {
                LockSupport.parkNanos(5_000_000); // the test has a time limit, which interrupts
            }
            var token = Files.readString(state.resolve("api-token")).strip();
            for (var page : List.of("/mesh/instances", "/mesh/findings")) {
                var ask = HttpRequest.newBuilder(
                                URI.create("http://127.0.0.1:" + control.apiAddress().getPort() + page))
                        .header("Authorization", "Bearer " + token)
                        .build();
                var body = client.send(ask, HttpResponse.BodyHandlers.ofString()).body();
                assertTrue(body.contains("AuthorizationPolicy shop/no-stranger"), page + " " + body);
                assertTrue(body.contains("TUL1223") && body.contains("10.0.0.04"), page + " " + body);
            }
        }
    }

    private static void remember(Path state, String body) {
        var key = new ResourceKey("security.istio.io", "AuthorizationPolicy", "shop", "no-stranger");
        try (var store = new EmbeddedStore(
                Database.open(state.resolve("resources.db")),
                Clock.systemUTC(),
                RandomGenerator.of("L64X128MixRandom"))) {
            store.commit(Batch.of(new Change.Put(key, Manifest.of(Map.of(), Map.of(), body), Guard.any())));
        }
    }
}
