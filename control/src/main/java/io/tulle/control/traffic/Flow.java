package io.tulle.control.traffic;

import io.tulle.xds.registry.EdgeCounts;

/**
 * One edge as one sidecar tells it.
 *
 * @param total since the sidecar started
 * @param tenSeconds and {@code minute}: up to its last heartbeat; nothing where that is long ago
 */
public record Flow(String instance, EdgeCounts total, Rate tenSeconds, Rate minute) {}
