/**
 * One request and its answer, whatever wires carry them. A door hands a {@link RequestHead} to
 * {@link Exchanges#open} with itself as {@link Caller} and speaks to the {@link FromCaller} it gets back; the pool leases an
 * {@link Upstream} that speaks to a {@link FromUpstream}. The exchange in between asks the plan, the filters and the
 * router, attempts, relays both bodies with backpressure, and ends exactly once with an {@link Outcome}. A new wire is a
 * door and an upstream; nothing here changes for it.
 */
@NullMarked
package io.tulle.proxy.exchange;

import org.jspecify.annotations.NullMarked;
