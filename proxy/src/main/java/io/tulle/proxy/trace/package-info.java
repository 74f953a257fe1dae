/** Takes a request into its trace, or begins one: headers of W3C and B3 to spans and back. Nothing here sends a span. */
@NullMarked
package io.tulle.proxy.trace;

import org.jspecify.annotations.NullMarked;
