package io.tulle.it.policies;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.tulle.proxy.pool.Transport;
import io.tulle.testkit.NoLeaks;
import io.tulle.testkit.TestPki;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What policies do to traffic: each folder {@code policies/<name>/<case>} that holds {@code requests.yaml} is a test. Its
 * documents are put in force in a mesh of real sidecars, its requests are sent, and what comes of them is compared. Cases of
 * one fleet share a mesh that goes on running, so documents change live. The README beside the cases explains the files.
 */
@ExtendWith(NoLeaks.class)
class PolicyTrafficTest {
    private static final Path CASES = Path.of("policies");
    private static final EventLoopGroup LOOPS =
            new MultiThreadIoEventLoopGroup(2, Transport.best().ioHandlers());
    private static final TestPki AUTHORITY = TestPki.create();
    private static final Map<Case.Cast, RealMesh> MESHES = new HashMap<>();

    @TestFactory
    Stream<DynamicTest> everyCaseDoesWhatItsRequestsSay() throws IOException {
        return Case.folders(CASES, Request.FILE).stream()
                .map(folder -> DynamicTest.dynamicTest(CASES.relativize(folder).toString(), () -> run(folder)));
    }

    private static void run(Path folder) throws Exception {
        var read = Case.read(CASES, folder);
        var mesh = MESHES.get(read.cast());
        if (mesh == null) {
            mesh = RealMesh.start(read.cast(), AUTHORITY, LOOPS);
            MESHES.put(read.cast(), mesh);
        }
        mesh.apply(read.world());
        Traffic.run(mesh, mesh, read.requests());
    }

    @AfterAll
    static void close() throws Exception {
        for (var mesh : MESHES.values()) mesh.close();
        LOOPS.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
