package io.tulle.proxy.observe;

import io.tulle.proxy.filter.DryRun;
import io.tulle.proxy.plan.Destination;
import io.tulle.proxy.report.ConnectionListener;
import io.tulle.proxy.report.ExchangeListener;
import io.tulle.proxy.report.ExchangeReport;
import io.tulle.proxy.report.Outcome;
import io.tulle.proxy.report.Refusal;
import io.tulle.proxy.report.TcpReport;
import io.tulle.xds.spec.ClusterSpec;
import io.tulle.xds.spec.EndpointSpec;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One line per exchange and per opaque connection, in Istio's default text format (pilot, EnvoyTextLogFormat); what is
 * not known is {@code -}. What a dry run would have changed is a word at the end. A path goes without its query, which may hold what no log should keep. Values that callers chose are cleaned of quotes and control characters.
 */
public final class AccessLog implements ExchangeListener, ConnectionListener {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final Consumer<String> sink;

    /**
     * @param sink takes one line without its end; called on event loops, so it must not block
     */
    public AccessLog(Consumer<String> sink) {
        this.sink = sink;
    }

    @Override
    public void ended(ExchangeReport report) {
        var request = report.request();
        var line = new Line(report.start())
                .quoted(request.method() + " " + request.path() + " "
                        + request.wire().written())
                .outcome(report.outcome())
                .number(report.requestBytes())
                .number(report.responseBytes())
                .millis(report.durationNanos());
        report.firstByteNanos().ifPresentOrElse(line::millis, line::none);
        line.quoted(header(report, "x-forwarded-for"))
                .quoted(header(report, "user-agent"))
                .quoted(report.requestId())
                .quoted(request.authority())
                .upstream(report.endpoint(), report.cluster());
        line.plain(address(report.connection().local()))
                .plain(address(report.connection().remote()))
                .plain(serverName(report.connection().destination()))
                .plain(report.route().orElse("-"))
                .dryRun(report.dryRun());
        sink.accept(line.toString());
    }

    @Override
    public void closed(TcpReport report) {
        var line = new Line(report.start())
                .quoted("- - -")
                .outcome(report.outcome())
                .number(report.receivedBytes())
                .number(report.sentBytes())
                .millis(report.durationNanos());
        line.none();
        line.quoted("-").quoted("-").quoted("-").quoted("-").upstream(report.endpoint(), report.cluster());
        line.plain(address(report.connection().local()))
                .plain(address(report.connection().remote()))
                .plain(serverName(report.connection().destination()))
                .plain("-")
                .dryRun(report.dryRun());
        sink.accept(line.toString());
    }

    @Override
    public void opened(TcpReport report) {}

    /** Refused connections are in the sidecar's own log, with their code. */
    @Override
    public void refused(SocketAddress remote, Refusal refusal, String detail) {}

    private static String header(ExchangeReport report, String name) {
        return report.request().headers().joined(name).orElse("-");
    }

    private static String address(InetSocketAddress address) {
        return address.getAddress().getHostAddress() + ":" + address.getPort();
    }

    private static String serverName(Destination destination) {
        return destination instanceof Destination.Inbound inbound
                        && !inbound.serverName().isEmpty()
                ? inbound.serverName()
                : "-";
    }

    /** Fields one after the other. */
    private static final class Line {
        private final StringBuilder text = new StringBuilder(256);

        Line(Instant start) {
            text.append('[').append(TIME.format(start)).append(']');
        }

        Line plain(String value) {
            text.append(' ').append(clean(value.isEmpty() ? "-" : value).replace(' ', '_'));
            return this;
        }

        Line quoted(String value) {
            text.append(" \"").append(clean(value.isEmpty() ? "-" : value)).append('"');
            return this;
        }

        Line number(long value) {
            text.append(' ').append(value);
            return this;
        }

        Line millis(long nanos) {
            return number(nanos / 1_000_000);
        }

        void none() {
            text.append(" -");
        }

        /** A word at the end where a policy that is only tried would have changed something. */
        Line dryRun(Optional<DryRun.Said> said) {
            said.filter(what -> what.effect() != DryRun.Effect.SAME)
                    .ifPresent(what -> plain("dry_run=" + what.effect().written() + "{" + what.policy() + "}"));
            return this;
        }

        /** Status, flags, details, how the connection ended, and what failed towards the endpoint. */
        Line outcome(Outcome outcome) {
            number(outcome.status()).plain(outcome.flags());
            var details = outcome.reason().map(reason -> reason.code() + "{" + outcome.detail() + "}");
            return plain(details.orElse(outcome.detail())).plain("-").quoted("-");
        }

        void upstream(Optional<EndpointSpec> endpoint, Optional<ClusterSpec> cluster) {
            quoted(endpoint.map(e -> e.address() + ":" + e.port()).orElse("-"));
            plain(cluster.map(ClusterSpec::name).orElse("-"));
            none(); // the local port towards the endpoint
        }

        private static String clean(String value) {
            for (int i = 0; i < value.length(); i++) {
                if (isUnsafe(value.charAt(i))) return cleaned(value);
            }
            return value;
        }

        private static String cleaned(String value) {
            var out = new StringBuilder(value.length());
            for (int i = 0; i < value.length(); i++) {
                var c = value.charAt(i);
                out.append(isUnsafe(c) ? '?' : c);
            }
            return out.toString();
        }

        private static boolean isUnsafe(char c) {
            return c < 0x20 || c == '"' || c == '\\' || (c >= 0x7f && c < 0xa0);
        }

        @Override
        public String toString() {
            return text.toString();
        }
    }
}
