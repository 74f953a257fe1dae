/** Where a sidecar's own key and certificate come from, each a source that package {@code tls} asks. Nothing here speaks TLS. */
@NullMarked
package io.tulle.proxy.identity;

import org.jspecify.annotations.NullMarked;
