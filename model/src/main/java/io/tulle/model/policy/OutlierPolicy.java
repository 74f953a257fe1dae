package io.tulle.model.policy;

import java.time.Duration;
import java.util.OptionalInt;

/**
 * When an endpoint that keeps failing is left out for a while (Istio's OutlierDetection, Envoy's consecutive counters).
 *
 * @param consecutive5xx ejects after so many server errors in a row, 0 turns it off (Istio's default: 5)
 * @param consecutiveGateway the same for 502, 503 and 504 and failures to connect
 * @param interval how often ejected endpoints are looked at again (10 s)
 * @param baseEjection how long the n-th ejection lasts: n times this (30 s)
 * @param maxEjectionPercent how many of the endpoints may be out at one time (10)
 * @param minHealthPercent below this share of healthy endpoints detection is off and all are used (0)
 */
public record OutlierPolicy(
        OptionalInt consecutive5xx,
        OptionalInt consecutiveGateway,
        OptionalInt consecutiveLocal,
        boolean splitLocalErrors,
        Duration interval,
        Duration baseEjection,
        int maxEjectionPercent,
        int minHealthPercent)
        implements DestinationPolicy {}
