package io.tulle.proxy.observe;

import io.tulle.proxy.message.Connection;
import io.tulle.proxy.message.Reason;
import io.tulle.proxy.report.ExchangeReport;
import io.tulle.proxy.trace.SpanContext;
import io.tulle.xds.spec.ClusterSpec;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * Reports as an OTLP trace export request in JSON (opentelemetry-proto, trace/v1: ids in hexadecimal, 64-bit numbers as
 * text). Paths go without their query: it may hold what no trace should keep.
 */
final class OtlpSpans {
    private static final int SERVER = 2;
    private static final int CLIENT = 3;
    private static final int ERROR = 2;
    private final Json json = new Json();

    private OtlpSpans() {}

    static String of(SelfLabels self, List<ExchangeReport> reports) {
        return new OtlpSpans().request(self, reports);
    }

    private String request(SelfLabels self, List<ExchangeReport> reports) {
        json.open('{').key("resourceSpans").open('[').open('{');
        json.key("resource").open('{').key("attributes").open('[');
        text("service.name", Party.orMissing(self.app().isEmpty() ? self.workload() : self.app()));
        text("service.namespace", Party.orMissing(self.namespace()));
        text("service.version", Party.orMissing(self.version()));
        text("service.instance.id", Party.orMissing(self.instance()));
        json.close(']').close('}');
        json.key("scopeSpans").open('[').open('{');
        json.key("scope").open('{').key("name").text("tulle").close('}');
        json.key("spans").open('[');
        for (var report : reports) report.trace().ifPresent(span -> span(span, report));
        return json.close(']')
                .close('}')
                .close(']')
                .close('}')
                .close(']')
                .close('}')
                .toString();
    }

    private void span(SpanContext span, ExchangeReport report) {
        var start = ChronoUnit.NANOS.between(Instant.EPOCH, report.start());
        var client = report.connection().side() == Connection.Side.OUTBOUND;
        json.open('{').key("traceId").text(span.traceId());
        json.key("spanId").text(span.spanId());
        if (span.parent() != 0) json.key("parentSpanId").text(span.parentId());
        json.key("flags").number(span.flags());
        json.key("name").text(name(report)).key("kind").number(client ? CLIENT : SERVER);
        json.key("startTimeUnixNano").text(Long.toString(start));
        json.key("endTimeUnixNano").text(Long.toString(start + report.durationNanos()));
        json.key("attributes").open('[');
        attributes(report);
        json.close(']');
        if (isError(report, client)) status(report);
        json.close('}');
    }

    private static String name(ExchangeReport report) {
        return report.request().method()
                + report.cluster().map(c -> " " + c.host()).orElse("");
    }

    private void attributes(ExchangeReport report) {
        var request = report.request();
        text("http.request.method", request.method());
        text("url.path", request.path());
        text("server.address", request.authority());
        number("http.response.status_code", report.outcome().status());
        text("network.protocol.name", request.wire().written());
        text("network.peer.address", report.connection().remote().getAddress().getHostAddress());
        text("guid:x-request-id", report.requestId());
        text("response_flags", report.outcome().flags());
        text("upstream_cluster", report.cluster().map(ClusterSpec::name).orElse("-"));
        if (report.attempts() > 1) number("http.request.resend_count", report.attempts() - 1L);
        report.outcome().reason().map(Reason::code).ifPresent(code -> text("tulle.code", code));
        report.grpcStatus().ifPresent(code -> number("rpc.grpc.status_code", code));
    }

    /** As OpenTelemetry's conventions have it: 4xx is the client's error alone. */
    private static boolean isError(ExchangeReport report, boolean client) {
        var status = report.outcome().status();
        return status >= 500 || status == 0 || (client && status >= 400);
    }

    private void status(ExchangeReport report) {
        json.key("status").open('{').key("code").number(ERROR);
        report.outcome().reason().ifPresent(reason -> json.key("message").text(reason.code() + " " + reason.title()));
        json.close('}');
    }

    private void text(String key, String value) {
        json.open('{').key("key").text(key);
        json.key("value").open('{').key("stringValue").text(value).close('}').close('}');
    }

    private void number(String key, long value) {
        json.open('{').key("key").text(key);
        json.key("value")
                .open('{')
                .key("intValue")
                .text(Long.toString(value))
                .close('}')
                .close('}');
    }
}
