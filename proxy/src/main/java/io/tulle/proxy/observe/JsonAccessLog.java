package io.tulle.proxy.observe;

import io.tulle.proxy.exchange.Connection;
import io.tulle.proxy.exchange.Outcome;
import io.tulle.proxy.listen.Refusal;
import io.tulle.proxy.plan.Destination;
import io.tulle.xds.spec.ClusterSpec;
import io.tulle.xds.spec.EndpointSpec;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/** {@link AccessLog} as JSON, with Istio's keys (pilot, EnvoyJSONLogFormatIstio); what is not known is null. */
public final class JsonAccessLog implements ExchangeListener, ConnectionListener {
    private final Consumer<String> sink;

    /**
     * @param sink takes one line without its end; called on event loops, so it must not block
     */
    public JsonAccessLog(Consumer<String> sink) {
        this.sink = sink;
    }

    @Override
    public void ended(ExchangeReport report) {
        var request = report.request();
        var json = begin(report.start(), report.outcome(), report.connection());
        text(json, "method", request.method());
        text(json, "path", request.path()); // without its query, which may hold secrets
        text(json, "protocol", request.wire().written());
        text(json, "authority", request.authority());
        text(json, "request_id", report.requestId());
        text(json, "user_agent", header(report, "user-agent"));
        text(json, "x_forwarded_for", header(report, "x-forwarded-for"));
        text(json, "route_name", report.route().orElse(""));
        if (report.firstByteNanos().isPresent()) {
            json.key("upstream_service_time")
                    .number(millis(report.firstByteNanos().getAsLong()));
        }
        report.trace().ifPresent(span -> text(json, "trace_id", span.traceId()));
        end(json, report.requestBytes(), report.responseBytes(), report.durationNanos());
        upstream(json, report.endpoint(), report.cluster());
        sink.accept(json.close('}').toString());
    }

    @Override
    public void closed(TcpReport report) {
        var json = begin(report.start(), report.outcome(), report.connection());
        end(json, report.receivedBytes(), report.sentBytes(), report.durationNanos());
        upstream(json, report.endpoint(), report.cluster());
        sink.accept(json.close('}').toString());
    }

    @Override
    public void opened(TcpReport report) {}

    /** Refused connections are in the sidecar's own log, with their code. */
    @Override
    public void refused(SocketAddress remote, Refusal refusal, String detail) {}

    private static Json begin(Instant start, Outcome outcome, Connection connection) {
        var json = new Json().open('{');
        text(json, "start_time", start.toString());
        json.key("response_code").number(outcome.status());
        text(json, "response_flags", outcome.flags());
        var details = outcome.reason().map(reason -> reason.code() + "{" + outcome.detail() + "}");
        text(json, "response_code_details", details.orElse(outcome.detail()));
        text(json, "downstream_local_address", address(connection.local()));
        text(json, "downstream_remote_address", address(connection.remote()));
        var name = connection.destination() instanceof Destination.Inbound inbound ? inbound.serverName() : "";
        text(json, "requested_server_name", name);
        return json;
    }

    private static void end(Json json, long received, long sent, long nanos) {
        json.key("bytes_received").number(received);
        json.key("bytes_sent").number(sent);
        json.key("duration").number(millis(nanos));
    }

    private static void upstream(Json json, Optional<EndpointSpec> endpoint, Optional<ClusterSpec> cluster) {
        text(
                json,
                "upstream_host",
                endpoint.map(e -> e.address() + ":" + e.port()).orElse(""));
        text(json, "upstream_cluster", cluster.map(ClusterSpec::name).orElse(""));
    }

    private static void text(Json json, String key, String value) {
        json.key(key);
        if (value.isEmpty()) json.nothing();
        else json.text(value);
    }

    private static String header(ExchangeReport report, String name) {
        return report.request().headers().joined(name).orElse("");
    }

    private static String address(InetSocketAddress address) {
        return address.getAddress().getHostAddress() + ":" + address.getPort();
    }

    private static long millis(long nanos) {
        return nanos / 1_000_000;
    }
}
