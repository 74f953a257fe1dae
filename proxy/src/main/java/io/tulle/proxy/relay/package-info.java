/**
 * Opaque bytes: a caller's connection joined to one endpoint's, whoever speaks first, each side read no faster than the
 * other takes it. Policies judge the connection when it opens and again when they change. Nothing here looks at a byte.
 */
@NullMarked
package io.tulle.proxy.relay;

import org.jspecify.annotations.NullMarked;
