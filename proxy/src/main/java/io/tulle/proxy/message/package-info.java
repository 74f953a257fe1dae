/**
 * The words that doors, exchanges and connections towards endpoints share: heads, fields, who called, why something ended,
 * and the four interfaces by which bytes pass ({@link Caller} and {@link FromCaller}, {@link Upstream} and
 * {@link FromUpstream}). Nothing here decides, and nothing here knows a wire.
 */
@NullMarked
package io.tulle.proxy.message;

import org.jspecify.annotations.NullMarked;
