/** Kubernetes' own kinds, as far as a mesh reads them: Service is decoded, the rest is kept. */
@NullMarked
package io.tulle.dialects.kubernetes;

import org.jspecify.annotations.NullMarked;
