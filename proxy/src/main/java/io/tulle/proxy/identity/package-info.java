/** Where a sidecar's own key and certificate come from, and when they change. Nothing here speaks TLS. */
@NullMarked
package io.tulle.proxy.identity;

import org.jspecify.annotations.NullMarked;
