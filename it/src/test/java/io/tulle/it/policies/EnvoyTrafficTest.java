package io.tulle.it.policies;

import static org.junit.jupiter.api.Assertions.assertThrows;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.tulle.proxy.pool.Transport;
import io.tulle.testkit.TestPki;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same requests with a real Envoy in the caller's place: both proxies do the same with what the compiler makes of a route.
 * Where they do not, {@code envoy-differs.yaml} says why; a case that is named there and does not differ is a mistake too. Runs where
 * {@code TULLE_ENVOY} names the binary of one and {@code TULLE_ENVOY_CASES=1} asks for it.
 */
@EnabledIfEnvironmentVariable(named = RealEnvoy.BINARY, matches = ".+")
@EnabledIfEnvironmentVariable(named = "TULLE_ENVOY_CASES", matches = "1")
class EnvoyTrafficTest {
    private static final Path CASES = Path.of("policies");
    private static final List<String> ROUTES = List.of("VirtualService", "HTTPRoute", "GRPCRoute", "TCPRoute");
    /** What an Envoy may do: something else, or refuse what it is told, which would spoil what comes after. */
    private static final List<String> HOW = List.of("differs", "refused");

    private static final EventLoopGroup LOOPS =
            new MultiThreadIoEventLoopGroup(2, Transport.best().ioHandlers());
    private static final TestPki AUTHORITY = TestPki.create();
    private static final Map<Case.Cast, RealMesh> MESHES = new HashMap<>();

    @TempDir
    private static Path folder;

    private static RealEnvoy envoy;

    @BeforeAll
    static void start() throws Exception {
        envoy = RealEnvoy.start(folder, AUTHORITY, System.getenv(RealEnvoy.BINARY));
    }

    @TestFactory
    Stream<DynamicTest> anEnvoyDoesTheSame() throws IOException {
        var differing = listed("differs");
        var refused = listed("refused");
        return Case.folders(CASES, Request.FILE).stream()
                .filter(EnvoyTrafficTest::isOfRoutes)
                .filter(each -> !refused.contains(CASES.relativize(each).toString()))
                .map(each -> {
                    var name = CASES.relativize(each).toString();
                    return DynamicTest.dynamicTest(name, () -> {
                        if (differing.contains(name)) assertThrows(AssertionError.class, () -> run(each));
                        else run(each);
                    });
                });
    }

    private static boolean isOfRoutes(Path folder) {
        try {
            var documents = Files.readString(folder.resolve("input.yaml"));
            return ROUTES.stream().anyMatch(kind -> documents.contains("kind: " + kind))
                    && Request.read(folder.resolve(Request.FILE)).stream().anyMatch(EnvoyTrafficTest::canAsk);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Nest TCP is no wire of an Envoy's. */
    private static boolean canAsk(Request request) {
        return request.call().at().equals(RealEnvoy.CALLER) && request.call().wire() != Call.Wire.NEST_TCP;
    }

    private static Set<String> listed(String how) throws IOException {
        var all = new HashSet<String>();
        var file = CASES.resolve("envoy-differs.yaml");
        for (var item : Case.items(file)) {
            var name = Case.read(file, item, fields -> {
                fields.required("reason");
                var does = fields.required("envoy");
                if (!HOW.contains(does)) fields.refuse("'envoy' is one of " + HOW);
                var known = fields.required("case");
                if (does.equals(how)) all.add(known);
                return known;
            });
            if (!Files.exists(CASES.resolve(name)))
                throw new AssertionError(file + " names " + name + ", which is no case");
        }
        return all;
    }

    private static void run(Path folder) throws Exception {
        var read = Case.read(CASES, folder);
        var mesh = MESHES.get(read.cast());
        if (mesh == null) {
            mesh = RealMesh.start(read.cast(), AUTHORITY, LOOPS);
            MESHES.put(read.cast(), mesh);
        }
        mesh.apply(read.world());
        envoy.tell(mesh.heardByEnvoy(RealEnvoy.CALLER));
        Traffic.run(
                mesh,
                envoy,
                read.requests().stream().filter(EnvoyTrafficTest::canAsk).toList());
    }

    @AfterAll
    static void close() throws Exception {
        envoy.close();
        for (var mesh : MESHES.values()) mesh.close();
        LOOPS.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
