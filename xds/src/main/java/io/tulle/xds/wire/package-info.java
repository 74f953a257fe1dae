/** The messages that are Tulle's own, and the methods that carry them. Seen by this room's edges alone. */
@NullMarked
package io.tulle.xds.wire;

import org.jspecify.annotations.NullMarked;
