package io.tulle.proxy.observe;

import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.tulle.proxy.report.TcpReport;
import java.util.List;
import java.util.Map;

/** What is counted of opaque connections with the same labels, and where in a tally. Bytes are counted at the end. */
final class TcpSeries {
    private static final int OPENED = 0;
    private static final int CLOSED = 1;
    private static final int SENT = 2;
    private static final int RECEIVED = 3;
    static final int PLACES = 4;

    private TcpSeries() {}

    static void opened(Tally tally) {
        tally.add(OPENED, 1);
    }

    static void closed(Tally tally, TcpReport report) {
        tally.add(CLOSED, 1);
        tally.add(SENT, report.sentBytes());
        tally.add(RECEIVED, report.receivedBytes());
    }

    static List<MetricSnapshot> snapshots(Map<Labels, Tally> series) {
        return List.of(
                Metric.counter("istio_tcp_connections_opened", "Opaque connections joined.", series, OPENED),
                Metric.counter("istio_tcp_connections_closed", "Opaque connections over.", series, CLOSED),
                Metric.counter("istio_tcp_sent_bytes", "Sent to callers.", series, SENT),
                Metric.counter("istio_tcp_received_bytes", "Received from callers.", series, RECEIVED));
    }
}
