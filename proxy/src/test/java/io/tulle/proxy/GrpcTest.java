package io.tulle.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import io.tulle.model.policy.Authorization;
import io.tulle.model.policy.TimeoutPolicy;
import io.tulle.testkit.NoLeaks;
import io.tulle.testkit.Nowhere;
import io.tulle.xds.spec.RouteSpec;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** grpc-java's own client and server, with two sidecars and mutual TLS between them. */
@ExtendWith(NoLeaks.class)
class GrpcTest {
    private static final long PATIENCE_SECONDS = 20;

    private Basket first;
    private Basket second;
    private GrpcMesh mesh;

    @BeforeEach
    void begin() throws IOException {
        first = new Basket("first");
        second = new Basket("second");
        mesh = new GrpcMesh(first.port());
    }

    @AfterEach
    void end() throws Exception {
        mesh.close();
        first.close();
        second.close();
    }

    private String add(String request) {
        return ClientCalls.blockingUnaryCall(mesh.channel, Calls.UNARY, patient(), request);
    }

    private static CallOptions patient() {
        return CallOptions.DEFAULT.withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private StatusRuntimeException failing(String request) {
        return assertThrows(StatusRuntimeException.class, () -> add(request));
    }

    /** Notes what comes, and the end. */
    private static final class Heard implements StreamObserver<String> {
        private final BlockingQueue<String> items = new LinkedBlockingQueue<>();
        private final CompletableFuture<Status> end = new CompletableFuture<>();

        @Override
        public void onNext(String item) {
            items.add(item);
        }

        @Override
        public void onError(Throwable failed) {
            end.complete(Status.fromThrowable(failed));
        }

        @Override
        public void onCompleted() {
            end.complete(Status.OK);
        }

        String next() throws InterruptedException {
            return Optional.ofNullable(items.poll(20, TimeUnit.SECONDS)).orElseThrow();
        }

        Status end() throws Exception {
            return end.get(20, TimeUnit.SECONDS);
        }
    }

    private ClientCall<String, String> call(MethodDescriptor<String, String> method) {
        return mesh.channel.newCall(method, patient());
    }

    @Test
    void answersAUnaryCall() {
        assertEquals("first one", add("one"));
    }

    @Test
    void anInstanceWhoseApplicationDoesNotListenCostsNoCall() throws Exception {
        mesh.close();
        try (var nowhere = Nowhere.take()) {
            mesh = new GrpcMesh(nowhere.port(), second.port());
            for (var i = 0; i < 10; i++) assertEquals("second " + i, add("" + i));
        }
    }

    @Test
    void aMirrorHearsCallsOfEveryKindAndAnswersNobody() throws Exception {
        mesh.close();
        mesh = new GrpcMesh(first.port(), second.port());
        mesh.mirrorToTheSecond();
        for (var i = 0; i < 10; i++) {
            assertEquals("first " + i, add("" + i));
            assertEquals("" + i, second.heard());
        }
        var heard = new Heard();
        var items = ClientCalls.asyncClientStreamingCall(call(Calls.FILLING), heard);
        for (int i = 0; i < 200; i++) items.onNext("y".repeat(5_000));
        items.onCompleted();
        assertEquals("1000000", heard.next());
        assertEquals("filled 1000000", second.heard());
    }

    @Test
    void streamsFromTheServer() {
        var all = ClientCalls.blockingServerStreamingCall(mesh.channel, Calls.LISTING, patient(), "1000 100");
        var count = 0;
        while (all.hasNext()) {
            assertEquals(100, all.next().length());
            count++;
        }
        assertEquals(1_000, count);
    }

    @Test
    void streamsFromTheClient() throws Exception {
        var heard = new Heard();
        var items = ClientCalls.asyncClientStreamingCall(call(Calls.FILLING), heard);
        for (int i = 0; i < 200; i++) items.onNext("y".repeat(5_000));
        items.onCompleted();
        assertEquals("1000000", heard.next());
        assertEquals(Status.Code.OK, heard.end().getCode());
    }

    @Test
    void streamsBothWaysWordByWord() throws Exception {
        var heard = new Heard();
        var said = ClientCalls.asyncBidiStreamingCall(call(Calls.TALKING), heard);
        for (int i = 0; i < 50; i++) {
            said.onNext("word " + i);
            assertEquals("re: word " + i, heard.next());
        }
        said.onCompleted();
        assertEquals(Status.Code.OK, heard.end().getCode());
    }

    @Test
    void carriesStatusMessageAndTrailers() {
        var failed = failing("fail");
        assertEquals(Status.Code.INVALID_ARGUMENT, failed.getStatus().getCode());
        assertEquals("no such item", failed.getStatus().getDescription());
        var trailers = Optional.ofNullable(failed.getTrailers()).orElseGet(Metadata::new);
        assertEquals("7", trailers.get(Calls.TRAILER));
        assertEquals("first ok", add("ok"));
    }

    @Test
    void carriesADeadlineAndTheCancelBehindIt() throws Exception {
        assertEquals("first warm", add("warm"));
        var soon = CallOptions.DEFAULT.withDeadlineAfter(1, TimeUnit.SECONDS);
        var failed = assertThrows(
                StatusRuntimeException.class,
                () -> ClientCalls.blockingUnaryCall(mesh.channel, Calls.UNARY, soon, "never"));
        assertEquals(Status.Code.DEADLINE_EXCEEDED, failed.getStatus().getCode());
        assertTrue(first.sawCancel());
        assertEquals("first ok", add("ok"));
    }

    @Test
    void carriesTheClientsCancel() throws Exception {
        var heard = new Heard();
        var call = call(Calls.TALKING);
        ClientCalls.asyncBidiStreamingCall(call, heard).onNext("hello");
        assertEquals("re: hello", heard.next());
        call.cancel("changed my mind", null);
        assertTrue(first.sawCancel());
        assertEquals("first ok", add("ok"));
    }

    @Test
    void carriesTheServersAbort() throws Exception {
        var heard = new Heard();
        var said = ClientCalls.asyncBidiStreamingCall(call(Calls.TALKING), heard);
        said.onNext("hello");
        assertEquals("re: hello", heard.next());
        said.onNext("abort");
        assertEquals(Status.Code.ABORTED, heard.end().getCode());
        assertEquals("enough", heard.end().getDescription());
        assertEquals("first ok", add("ok"));
    }

    @Test
    void saysUnavailableWithACodeWhenTheApplicationIsGone() throws Exception {
        var port = first.port();
        first.close();
        try (var _ = Nowhere.take(port)) {
            var failed = failing("one").getStatus();
            assertEquals(Status.Code.UNAVAILABLE, failed.getCode());
            assertTrue(String.valueOf(failed.getDescription()).contains("TUL16"), failed.toString());
        }
    }

    @Test
    void saysPermissionDeniedWithACode() {
        assertEquals("first one", add("one"));
        var nobody = new Authorization("shop/nobody", Authorization.Action.ALLOW, List.of());
        mesh.allow(mesh.carts.getFirst(), first.port(), List.of(nobody));
        var failed = failing("one").getStatus();
        assertEquals(Status.Code.PERMISSION_DENIED, failed.getCode());
        assertTrue(String.valueOf(failed.getDescription()).startsWith("TUL1602"), failed.toString());
        assertEquals(1, first.calls());
    }

    @Test
    void saysDeadlineExceededWithACodeWhenTheRoutesTimeIsOver() throws Exception {
        assertEquals("first warm", add("warm"));
        var all = RouteSpec.toCluster("all", "cart");
        mesh.routeBy(new RouteSpec(
                all.name(),
                all.matches(),
                all.action(),
                all.policies().with(new TimeoutPolicy(Duration.ofSeconds(1)))));
        var failed = failing("never").getStatus();
        assertEquals(Status.Code.DEADLINE_EXCEEDED, failed.getCode());
        assertTrue(String.valueOf(failed.getDescription()).startsWith("TUL1608"), failed.toString());
        assertTrue(first.sawCancel());
    }

    @Test
    void saysUnimplementedWithACodeWhenNoRouteMatches() {
        mesh.routeBy();
        var failed = failing("one").getStatus();
        assertEquals(Status.Code.UNIMPLEMENTED, failed.getCode());
        assertTrue(String.valueOf(failed.getDescription()).startsWith("TUL1601"), failed.toString());
    }

    @Test
    void spreadsTheCallsOfOneConnection() throws Exception {
        mesh.close();
        mesh = new GrpcMesh(first.port(), second.port());
        var byServer = new HashMap<String, Integer>();
        for (int i = 0; i < 100; i++) byServer.merge(add("x"), 1, Integer::sum);
        assertEquals(2, byServer.size());
        byServer.forEach((server, calls) -> assertTrue(calls >= 40, server + ": " + calls));
    }

    @Test
    void stopsAProducerWhoseConsumerIsSlow() throws Exception {
        var size = 16 * 1024;
        var count = 4_000;
        var received = new Semaphore(0);
        var ended = new CompletableFuture<Status>();
        // Without a deadline: 64 MB take as long as the machine lets them.
        var call = mesh.channel.newCall(Calls.LISTING, CallOptions.DEFAULT);
        call.start(
                new ClientCall.Listener<>() {
                    @Override
                    public void onMessage(String message) {
                        received.release();
                    }

                    @Override
                    public void onClose(Status status, Metadata trailers) {
                        ended.complete(status);
                    }
                },
                new Metadata());
        call.request(1);
        call.sendMessage(count + " " + size);
        call.halfClose();
        assertTrue(received.tryAcquire(1, 20, TimeUnit.SECONDS));
        for (int i = 0; i < 100; i++) add("meanwhile, others pass");
        // grpc-java's client takes 1 MiB before it is asked; each hop holds a window and a socket's buffers.
        assertTrue(first.listed() < count / 2, "sent to one who reads nothing: " + first.listed());
        call.request(count);
        assertTrue(received.tryAcquire(count - 1, 40, TimeUnit.SECONDS));
        assertEquals(Status.Code.OK, ended.get(20, TimeUnit.SECONDS).getCode());
    }

    @Test
    void losesNothingWhenAnEndpointDrainsUnderLoad() throws Exception {
        mesh.close();
        mesh = new GrpcMesh(first.port(), second.port());
        var calls = 600;
        var places = new Semaphore(20);
        var done = new CountDownLatch(calls);
        var failures = new LinkedBlockingQueue<Status>();
        var drained = new ArrayList<CompletableFuture<Void>>();
        for (int i = 0; i < calls; i++) {
            assertTrue(places.tryAcquire(20, TimeUnit.SECONDS));
            if (i == calls / 2) drained.add(mesh.carts.getFirst().drain());
            ClientCalls.asyncUnaryCall(call(Calls.UNARY), "x", new StreamObserver<>() {
                @Override
                public void onNext(String answer) {}

                @Override
                public void onError(Throwable failed) {
                    failures.add(Status.fromThrowable(failed));
                    onCompleted();
                }

                @Override
                public void onCompleted() {
                    places.release();
                    done.countDown();
                }
            });
        }
        assertTrue(done.await(40, TimeUnit.SECONDS));
        assertEquals(List.of(), List.copyOf(failures));
        drained.getFirst().get(20, TimeUnit.SECONDS);
    }
}
