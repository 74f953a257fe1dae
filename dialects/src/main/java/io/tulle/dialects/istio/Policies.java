package io.tulle.dialects.istio;

import io.tulle.dialects.code.Codes;
import io.tulle.dialects.field.Durations;
import io.tulle.dialects.field.FieldReader;
import io.tulle.model.policy.Balancing;
import io.tulle.model.policy.ConnectionLimits;
import io.tulle.model.policy.OutlierPolicy;
import io.tulle.model.world.TrafficPolicy;
import io.tulle.model.world.TrafficPolicy.ClientTls;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** The parts of Istio's TrafficPolicy that a port may say too. */
final class Policies {
    /** Istio's consecutive5xxErrors, where outlierDetection does not say. */
    private static final int CONSECUTIVE_5XX = 5;

    private Policies() {}

    static TrafficPolicy of(FieldReader policy) {
        return new TrafficPolicy(
                policy.object("loadBalancer", Policies::balancing).flatMap(found -> found),
                policy.object("connectionPool", Policies::limits),
                policy.object("outlierDetection", Policies::outliers),
                policy.object("tls", Policies::tls).flatMap(found -> found));
    }

    private static Optional<Balancing> balancing(FieldReader balancer) {
        return balancer.choice(
                "simple",
                Map.of(
                        "LEAST_REQUEST", Balancing.LEAST_REQUEST,
                        "LEAST_CONN", Balancing.LEAST_REQUEST, // Istio's old name for it
                        "UNSPECIFIED", Balancing.LEAST_REQUEST,
                        "ROUND_ROBIN", Balancing.ROUND_ROBIN,
                        "RANDOM", Balancing.RANDOM));
    }

    private static Optional<ClientTls> tls(FieldReader tls) {
        if (!tls.has("mode")) tls.missing("mode");
        return tls.choice("mode", Map.of("DISABLE", ClientTls.DISABLE, "ISTIO_MUTUAL", ClientTls.MESH));
    }

    /** What {@code connectionPool.tcp} says. */
    private record Tcp(OptionalInt connections, Optional<Duration> connect, Optional<Duration> idle) {
        static final Tcp NONE = new Tcp(OptionalInt.empty(), Optional.empty(), Optional.empty());
    }

    private static ConnectionLimits limits(FieldReader pool) {
        if (!pool.has("tcp") && !pool.has("http")) {
            pool.problem(Codes.MISSING, "", "says nothing", "set tcp or http, or remove connectionPool");
        }
        var tcp = pool.object(
                        "tcp",
                        t -> new Tcp(
                                limit(t, "maxConnections"),
                                t.duration("connectTimeout", Durations.ISTIO),
                                t.duration("idleTimeout", Durations.ISTIO)))
                .orElse(Tcp.NONE);
        return pool.object("http", http -> limits(tcp, http)).orElseGet(() -> limits(tcp));
    }

    private static ConnectionLimits limits(Tcp tcp, FieldReader http) {
        http.accept("h2UpgradePolicy", "DEFAULT", "DO_NOT_UPGRADE");
        var idle = http.duration("idleTimeout", Durations.ISTIO);
        if (idle.isPresent() && tcp.idle().isPresent() && !idle.equals(tcp.idle())) {
            http.problem(
                    Codes.NOT_ACTED_ON,
                    "idleTimeout",
                    "differs from tcp.idleTimeout, and Tulle has one for both",
                    "write one of them, or the same in both");
        }
        return new ConnectionLimits(
                tcp.connections(),
                limit(http, "http1MaxPendingRequests"),
                limit(http, "http2MaxRequests"),
                limit(http, "maxRetries"),
                limit(http, "maxRequestsPerConnection"),
                tcp.connect().orElse(ConnectionLimits.DEFAULT.connectTimeout()),
                idle.or(tcp::idle));
    }

    private static ConnectionLimits limits(Tcp tcp) {
        return new ConnectionLimits(
                tcp.connections(),
                OptionalInt.empty(),
                OptionalInt.empty(),
                OptionalInt.empty(),
                OptionalInt.empty(),
                tcp.connect().orElse(ConnectionLimits.DEFAULT.connectTimeout()),
                tcp.idle());
    }

    /** A limit; 0 is none, as protobuf's default and Istio have it. */
    private static OptionalInt limit(FieldReader fields, String field) {
        var limit = fields.integer(field, 0, Integer.MAX_VALUE);
        return limit.orElse(0) == 0 ? OptionalInt.empty() : limit;
    }

    private static OutlierPolicy outliers(FieldReader outliers) {
        var most = Integer.MAX_VALUE;
        var share = outliers.integer("maxEjectionPercent", 0, 100);
        var local = outliers.integer("consecutiveLocalOriginFailures", 0, most);
        var split = outliers.flag("splitExternalLocalOriginErrors");
        if (local.orElse(0) > 0 && !split) {
            outliers.problem(
                    Codes.MISSING,
                    "splitExternalLocalOriginErrors",
                    "is not true, and without it local failures are not counted apart",
                    "set splitExternalLocalOriginErrors: true, or remove consecutiveLocalOriginFailures");
        }
        return new OutlierPolicy(
                OptionalInt.of(outliers.integer("consecutive5xxErrors", 0, most).orElse(CONSECUTIVE_5XX)),
                outliers.integer("consecutiveGatewayErrors", 0, most),
                local,
                split,
                outliers.duration("interval", Durations.ISTIO).orElse(Duration.ofSeconds(10)),
                outliers.duration("baseEjectionTime", Durations.ISTIO).orElse(Duration.ofSeconds(30)),
                share.orElse(10),
                outliers.integer("minHealthPercent", 0, 100).orElse(0));
    }
}
