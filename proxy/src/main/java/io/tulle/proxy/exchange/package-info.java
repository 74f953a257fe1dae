/**
 * One request and its answer, whatever wires carry them. A door hands a head to {@link Exchanges#open} with itself as the
 * caller and speaks to what it gets back; the pool leases a stream towards an endpoint (package {@code message} has all
 * four interfaces). The exchange in between asks the plan, the filters and the router, attempts, relays both bodies with
 * backpressure, and ends exactly once with an outcome. A new wire is a door and an upstream; nothing here changes for it.
 */
@NullMarked
package io.tulle.proxy.exchange;

import org.jspecify.annotations.NullMarked;
