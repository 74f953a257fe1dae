package io.tulle.proxy.observe;

import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * A scrape as it goes over the wire.
 *
 * @param type the content type
 */
public record Exposition(String type, String text) {
    private static final ExpositionFormatWriter PROMETHEUS =
            PrometheusTextFormatWriter.builder().build();
    private static final ExpositionFormatWriter OPEN_METRICS =
            OpenMetricsTextFormatWriter.builder().build();

    /**
     * @param accept the request's {@code Accept}: OpenMetrics where it is asked for, else Prometheus' text format 0.0.4
     */
    public static Exposition of(MetricSnapshots snapshots, String accept) {
        var writer = OPEN_METRICS.accepts(accept) ? OPEN_METRICS : PROMETHEUS;
        var out = new ByteArrayOutputStream(16 * 1024);
        try {
            writer.write(out, snapshots);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return new Exposition(writer.getContentType(), out.toString(java.nio.charset.StandardCharsets.UTF_8));
    }
}
