/**
 * Who calls whom and how often, as sidecars report it with their heartbeats: the last minute, in memory, bounded. It is
 * for people's eyes; Prometheus asks the sidecars themselves.
 */
@NullMarked
package io.tulle.control.traffic;

import org.jspecify.annotations.NullMarked;
