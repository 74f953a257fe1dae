/**
 * What operators ask a running sidecar, at Envoy's paths and on loopback alone: readiness, numbers, clusters, the
 * configuration in force, the log's level. It reads; the level is all that it changes.
 */
@NullMarked
package io.tulle.proxy.admin;

import org.jspecify.annotations.NullMarked;
