package io.tulle.proxy.exchange;

import java.time.Duration;

/**
 * What holds for every exchange of a sidecar.
 *
 * @param replayBytes how much of a request's body is kept for another attempt (Envoy's per_request_buffer_limit: 1 MiB)
 * @param idle how long an exchange may pass no byte in either direction (Envoy's
 *     stream_idle_timeout); zero is for ever, as Istio sets it for sidecars
 * @param tellsPolicies whether a denied caller is told the policy's name; the log always is
 */
public record ExchangeSettings(int replayBytes, Duration idle, boolean tellsPolicies) {}
