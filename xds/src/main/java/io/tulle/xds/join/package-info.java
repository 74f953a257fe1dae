/** What is said when a sidecar joins or renews, in plain words for both ends. */
@NullMarked
package io.tulle.xds.join;

import org.jspecify.annotations.NullMarked;
