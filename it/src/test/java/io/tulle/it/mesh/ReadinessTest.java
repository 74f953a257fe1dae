package io.tulle.it.mesh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tulle.agent.run.Run;
import io.tulle.dialects.compose.ComposeService.HealthCheck;
import io.tulle.launch.capture.Capture;
import io.tulle.launch.capture.Facts;
import io.tulle.launch.health.Question;
import io.tulle.model.Protocol;
import io.tulle.model.world.ServicePort;
import io.tulle.xds.spec.EndpointSpec.Health;
import io.tulle.xds.spec.EndpointsSpec;
import io.tulle.xds.spec.ResourceType;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * One of two replicas listens late and is started again in place, while eight callers call without a pause: it gets nothing while its
 * application does not listen, and no call fails. With a control plane and everything else that is real.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ReadinessTest {
    private Path folder = Path.of("");
    private Optional<Replicas> all = Optional.empty();

    @BeforeAll
    void start(@TempDir Path made) throws Exception {
        folder = made;
        all = Optional.of(new Replicas(made));
    }

    @AfterEach
    void end() {
        all.ifPresent(Replicas::end);
    }

    @AfterAll
    void close() {
        all.ifPresent(Replicas::close);
    }

    static Stream<Arguments> allThereAre() {
        return Stream.of(Speech.HTTP, Speech.GRPC, Speech.NEST_TCP, Speech.TCP)
                .flatMap(speech -> Stream.of(Capture.values()).map(capture -> Arguments.of(speech, capture)));
    }

    @ParameterizedTest(name = "{0} under {1}")
    @MethodSource("allThereAre")
    void noCallFailsWhileAReplicaListensLateAndIsStartedAgain(Speech speech, Capture capture) throws Exception {
        var mesh = all.orElseThrow();
        if (capture == Capture.NETNS) assumeNetworks();
        var served = new ServicePort(Replicas.freePort(), speech.protocol());
        mesh.plain("plain-1", speech.serverThatListens(), "v1", Capture.HOOK, served);
        mesh.web(speech, served, "v1");
        mesh.more(10);

        var late = mesh.plain("plain-2", speech.serverThatObeys(), "v2", capture, served);
        mesh.more(30);
        assertEquals(0, mesh.arrivedAt(late), "calls that came before the application listened");
        mesh.comes();
        stopsListening(mesh, capture, "close");
        endsWhenNothingIsOnItsWayAnyMore(mesh, late);
        mesh.comes();
        if (speech.leaves()) {
            stopsListening(mesh, capture, "leave");
            mesh.more(30);
            mesh.comes();
        }

        var counts = mesh.more(10);
        var said = counts.failed() + " of " + counts.calls() + " " + speech + " calls failed under " + capture;
        assertEquals(0, counts.failed(), () -> said + ": " + counts.wrong());
        assertTrue(counts.calls() > 1_000, said);
        System.out.println(said);
    }

    @ParameterizedTest(name = "under {0}")
    @EnumSource(
            value = Capture.class,
            names = {"HOOK", "ENV"})
    void aReplicaGetsTrafficWhileItsHealthCheckPasses(Capture capture) throws Exception {
        var mesh = all.orElseThrow();
        var served = new ServicePort(Replicas.freePort(), Protocol.HTTP);
        mesh.plain("plain-1", Speech.HTTP.serverThatListens(), "v1", Capture.HOOK, served);
        mesh.web(Speech.HTTP, served, "v1");
        var well = folder.resolve("plain-2.well");
        var script = "require('http').createServer((q, r) => { r.statusCode = q.url !== '/health'"
                + " || require('fs').existsSync('" + well + "') ? 200 : 503; r.end(process.env.VERSION) })"
                + ".listen(Number(process.env.PORT));";
        var check = new HealthCheck(
                new HealthCheck.Test.None(),
                Duration.ofMillis(50),
                Duration.ofSeconds(20),
                2,
                Duration.ZERO,
                Duration.ofMillis(50));
        var url = URI.create("http://127.0.0.1:" + served.port() + "/health");
        var late = mesh.plain(
                "plain-2", script, "v2", capture, served, Optional.of(new Question.Wanted(check, Optional.of(url))));

        mesh.awaitSaid("TUL2021");
        mesh.more(20);
        assertEquals(0, mesh.arrivedAt(late), "it listens, and is not well");
        Files.createFile(well);
        late.ready().get(30, TimeUnit.SECONDS);
        Replicas.until(() -> mesh.more(5).v2() > 0);
        Files.delete(well);
        mesh.awaitSaid("TUL2021");
        mesh.nothingArrivesAt(late);
        Files.createFile(well);
        mesh.awaitSaid("plain-2 is well again");
        var before = mesh.more(1).v2();
        Replicas.until(() -> mesh.more(5).v2() > before);
        Files.delete(well);

        assertEquals(0, mesh.more(1).failed());
    }

    /** How long that takes is printed, and not judged here: 200 ms on a quiet machine. */
    @ParameterizedTest(name = "told by {0}")
    @EnumSource(
            value = Capture.class,
            names = {"HOOK", "ENV"})
    void aPortThatClosesIsWithdrawnFromItsCallers(Capture capture) throws Exception {
        var mesh = all.orElseThrow();
        var served = new ServicePort(Replicas.freePort(), Protocol.HTTP);
        mesh.plain("plain-2", Speech.HTTP.serverThatObeys(), "v2", capture, served);
        mesh.order("open");
        var web = mesh.web(Speech.HTTP, served, "v2");
        var registered = new LinkedBlockingQueue<Change>();
        mesh.control()
                .registry()
                .listen(fleet -> fleet.instances()
                        .find("plain-2")
                        .ifPresent(one -> registered.add(
                                Change.now(one.workload().serving().closed().isEmpty()))));
        var heard = new LinkedBlockingQueue<Change>();
        web.sidecar()
                .plan()
                .onChange(plan -> heard.add(
                        Change.now(plan.snapshot().all(ResourceType.ENDPOINTS, EndpointsSpec.class).values().stream()
                                .flatMap(each -> each.endpoints().stream())
                                .anyMatch(each ->
                                        each.instance().equals("plain-2") && each.health() == Health.HEALTHY))));
        var toControl = new ArrayList<Long>();
        var toCaller = new ArrayList<Long>();
        for (var i = 0; i < 20; i++) {
            mesh.order("close");
            var closed = System.nanoTime();
            toControl.add(Change.await(registered, false) - closed);
            toCaller.add(Change.await(heard, false) - closed);
            mesh.order("open");
            Change.await(registered, true);
            Change.await(heard, true);
        }
        System.out.println("a closed port, told by " + capture + ": the control plane knows it after "
                + Change.written(toControl) + ", its caller's sidecar after " + Change.written(toCaller));
    }

    /** Whether a port counted as open, from when on. */
    private record Change(boolean isOpen, long nanos) {
        static Change now(boolean isOpen) {
            return new Change(isOpen, System.nanoTime());
        }

        static long await(BlockingQueue<Change> changes, boolean wanted) throws InterruptedException {
            while (true) {
                var next = Optional.ofNullable(changes.poll(30, TimeUnit.SECONDS))
                        .orElseThrow(() -> new AssertionError("it did not become " + wanted));
                if (next.isOpen() == wanted) return next.nanos();
            }
        }

        static String written(List<Long> nanos) {
            var sorted =
                    nanos.stream().map(TimeUnit.NANOSECONDS::toMillis).sorted().toList();
            return sorted.get(sorted.size() / 2) + " ms (median of " + sorted.size() + "; the longest: "
                    + sorted.getLast() + " ms)";
        }
    }

    /** It goes on answering what comes over connections that stand, until callers have heard that it does not listen. */
    private static void endsWhenNothingIsOnItsWayAnyMore(Replicas mesh, Run late) {
        mesh.nothingArrivesAt(late);
        mesh.order("end");
        mesh.more(30);
    }

    /**
     * The kernel takes connections for an application and keeps them until it asks. What it keeps when the application stops listening
     * is lost, with a mesh or without. Only the hook knows better; where there is none, callers hold for this moment.
     */
    private static void stopsListening(Replicas mesh, Capture capture, String how) {
        if (capture != Capture.HOOK) mesh.door("/hold");
        mesh.order(how);
        if (capture != Capture.HOOK) mesh.door("/go");
    }

    private static void assumeNetworks() {
        var facts = Facts.look(List.of("node"), Path.of("").toAbsolutePath(), System.getenv("PATH"));
        assumeTrue(facts.permitted(), "namespaces need root with CAP_SYS_ADMIN and CAP_NET_ADMIN");
        assumeTrue(facts.missing().isEmpty(), "not installed: " + facts.missing());
    }
}
