package io.tulle.proxy.exchange;

import io.tulle.proxy.trace.TraceSettings;
import java.time.Duration;

/**
 * What holds for every exchange of a sidecar.
 *
 * @param replayBytes how much of a request's body is kept for another attempt (Envoy's per_request_buffer_limit: 1 MiB)
 * @param idle how long an exchange may pass no byte in either direction (Envoy's
 *     stream_idle_timeout); zero is for ever, as Istio sets it for sidecars
 * @param traces whether trace headers are taken up and rewritten
 */
public record ExchangeSettings(int replayBytes, Duration idle, TraceSettings traces) {
    /** Without traces. */
    public ExchangeSettings(int replayBytes, Duration idle) {
        this(replayBytes, idle, TraceSettings.OFF);
    }

    public ExchangeSettings with(TraceSettings other) {
        return new ExchangeSettings(replayBytes, idle, other);
    }
}
