/**
 * Connections towards endpoints, one set per event loop, so that a request never changes its thread. Leases a connection
 * with room, or opens one within the cluster's limits; closes what idles. It knows no protocol: a wire makes a channel
 * into an {@link UpstreamConnection}.
 */
@NullMarked
package io.tulle.proxy.pool;

import org.jspecify.annotations.NullMarked;
