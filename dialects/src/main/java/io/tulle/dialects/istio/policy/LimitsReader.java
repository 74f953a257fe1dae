package io.tulle.dialects.istio.policy;

import io.tulle.dialects.code.Codes;
import io.tulle.dialects.field.Durations;
import io.tulle.dialects.field.FieldReader;
import io.tulle.model.policy.ConnectionLimits;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/** {@code connectionPool}. */
final class LimitsReader implements DestinationPolicyReader {
    @Override
    public Optional<ConnectionLimits> read(FieldReader policy) {
        return policy.object("connectionPool", LimitsReader::limits);
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
                                limit(t, "maxConnections"), t.duration("connectTimeout", Durations.ISTIO), idle(t)))
                .orElse(Tcp.NONE);
        return pool.object("http", http -> limits(tcp, http)).orElseGet(() -> limits(tcp));
    }

    /** For connections of bytes 0s is no limit (Istio), which is what they have here anyhow. */
    private static Optional<Duration> idle(FieldReader tcp) {
        var none = tcp.text("idleTimeout").flatMap(Durations.ISTIO::parse).filter(Duration::isZero);
        return none.isPresent() ? Optional.empty() : tcp.duration("idleTimeout", Durations.ISTIO);
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
}
