package io.tulle.compile;

import java.util.Map;

/**
 * What clients of one perspective see: a layer for each destination.
 *
 * @param links which destinations' rules lead to which others
 */
record Seen(Perspective perspective, Map<String, DestinationLayer> layers, Links links) {}
