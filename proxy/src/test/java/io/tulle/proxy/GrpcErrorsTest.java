package io.tulle.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tulle.model.Protocol;
import io.tulle.model.match.RequestMatch;
import io.tulle.model.policy.Balancing;
import io.tulle.model.policy.ConnectionLimits;
import io.tulle.model.policy.DestinationPolicy;
import io.tulle.model.policy.FaultPolicy;
import io.tulle.model.policy.OutlierPolicy;
import io.tulle.model.policy.Percentage;
import io.tulle.model.policy.RoutePolicy;
import io.tulle.model.policy.TimeoutPolicy;
import io.tulle.testkit.NoLeaks;
import io.tulle.testkit.RawHttp2;
import io.tulle.xds.spec.ActionSpec;
import io.tulle.xds.spec.ClusterSpec;
import io.tulle.xds.spec.RouteSpec;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A gRPC call fails with HTTP's 200: what counts is its own status, whoever gives it. */
@ExtendWith(NoLeaks.class)
class GrpcErrorsTest {
    private static final int UNAVAILABLE = 14;

    private final Fleet fleet = new Fleet();

    @AfterEach
    void end() {
        fleet.close();
    }

    /** Answers each call with this status, in the head alone or behind a message. */
    private RawOrigin answering(int status, boolean inTrailers, AtomicInteger calls) throws IOException {
        var code = Integer.toString(status);
        return fleet.keep(new RawOrigin((connection, _) -> {
            for (int stream = 1; ; stream += 2) {
                connection.next(RawHttp2.HEADERS);
                calls.incrementAndGet();
                if (inTrailers) {
                    connection.headers(
                            stream, RawHttp2.END_HEADERS, ":status", "200", "content-type", "application/grpc");
                    connection
                            .headers(stream, RawHttp2.WHOLE, "grpc-status", code)
                            .go();
                } else {
                    connection
                            .headers(stream, RawHttp2.WHOLE, ":status", "200", "grpc-status", code)
                            .go();
                }
            }
        }));
    }

    private Sidecar proxy(RouteSpec route, Optional<OutlierPolicy> outliers, int... ports) {
        var plain = Fleet.cluster("c", ConnectionLimits.DEFAULT, Protocol.GRPC, ports);
        var cluster = new ClusterSpec(
                plain.name(),
                plain.host(),
                plain.source(),
                plain.protocol(),
                plain.security(),
                DestinationPolicy.NONE
                        .with(Balancing.ROUND_ROBIN)
                        .with(plain.limits())
                        .with(outliers));
        return fleet.alone(SidecarSettings.DEFAULT, Fleet.door(Fleet.routed()), cluster, Fleet.table(route));
    }

    private static RouteSpec route(Optional<Duration> timeout, Optional<FaultPolicy> fault) {
        return new RouteSpec(
                "all",
                List.of(RequestMatch.ANY),
                ActionSpec.Forward.to("c"),
                RoutePolicy.set(timeout.map(TimeoutPolicy::new), fault));
    }

    private static RawHttp2 call(RawHttp2 client, int stream) throws IOException {
        return client.post(stream, "content-type", "application/grpc")
                .frame(RawHttp2.DATA, RawHttp2.END_STREAM, stream)
                .go();
    }

    @ParameterizedTest
    @CsvSource({"14, true", "14, false", "13, true", "2, false"})
    void anEndpointThatOnlyGivesErrorsIsEjected(int status, boolean inTrailers) throws Exception {
        var failed = new AtomicInteger();
        var served = new AtomicInteger();
        var bad = answering(status, inTrailers, failed);
        var good = answering(0, true, served);
        var policy = new OutlierPolicy(
                OptionalInt.of(3),
                OptionalInt.empty(),
                OptionalInt.empty(),
                false,
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                100,
                0);
        var proxy = proxy(route(Optional.empty(), Optional.empty()), Optional.of(policy), bad.port(), good.port());
        try (var client = RawHttp2.to(Fleet.at(proxy))) {
            for (int i = 0; i < 20; i++) call(client, 2 * i + 1).answer(2 * i + 1);
        }
        assertEquals(3, failed.get());
        assertEquals(17, served.get());
    }

    @Test
    void anEndpointThatRefusesWhatItIsAskedIsKept() throws Exception {
        var refused = new AtomicInteger();
        var strict = answering(3, true, refused);
        var policy = new OutlierPolicy(
                OptionalInt.of(3),
                OptionalInt.empty(),
                OptionalInt.empty(),
                false,
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                100,
                0);
        var proxy = proxy(route(Optional.empty(), Optional.empty()), Optional.of(policy), strict.port());
        try (var client = RawHttp2.to(Fleet.at(proxy))) {
            for (int i = 0; i < 10; i++)
                assertEquals(
                        "3",
                        call(client, 2 * i + 1).answer(2 * i + 1).trailers().get("grpc-status"));
        }
        assertEquals(10, refused.get());
    }

    @Test
    void anAbortIsCountedAsTheErrorThatItIs() throws Exception {
        var abort = new FaultPolicy.Abort(new FaultPolicy.Answer.Grpc(UNAVAILABLE), Percentage.ALL);
        var route = route(Optional.empty(), Optional.of(new FaultPolicy(Optional.empty(), Optional.of(abort))));
        try (var client = RawHttp2.to(Fleet.at(proxy(route, Optional.empty(), 1)))) {
            var answer = call(client, 1).answer(1);
            assertEquals("14", answer.head().get("grpc-status"));
            assertEquals("TUL1612", answer.head().get("x-tulle-code"));
        }
        assertEquals(UNAVAILABLE, fleet.nextReport().grpcStatus().orElse(-1));
    }

    @Test
    void aCallThatCannotConnectIsCountedAsUnavailable() throws Exception {
        try (var client =
                RawHttp2.to(Fleet.at(proxy(route(Optional.empty(), Optional.empty()), Optional.empty(), 1)))) {
            assertEquals("14", call(client, 1).answer(1).head().get("grpc-status"));
        }
        assertEquals(UNAVAILABLE, fleet.nextReport().grpcStatus().orElse(-1));
    }

    @Test
    void aCallThatIsCutAtItsDeadlineIsCountedAsSuch() throws Exception {
        var origin = fleet.keep(new RawOrigin((connection, _) -> {
            connection.next(RawHttp2.HEADERS);
            connection
                    .headers(1, RawHttp2.END_HEADERS, ":status", "200", "content-type", "application/grpc")
                    .go();
            while (connection.next().isPresent()) {}
        }));
        var route = route(Optional.of(Duration.ofMillis(200)), Optional.empty());
        try (var client = RawHttp2.to(Fleet.at(proxy(route, Optional.empty(), origin.port())))) {
            assertEquals("4", call(client, 1).answer(1).trailers().get("grpc-status"));
        }
        assertEquals(4, fleet.nextReport().grpcStatus().orElse(-1));
    }
}
