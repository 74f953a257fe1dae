/** Istio's networking and security kinds: whose every field is known by name, and a good part of them acted on. */
@NullMarked
package io.tulle.dialects.istio;

import org.jspecify.annotations.NullMarked;
