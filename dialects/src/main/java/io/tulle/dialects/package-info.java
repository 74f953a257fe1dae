/** Room dialects: text to resources to model, with file and line for each problem. */
@NullMarked
package io.tulle.dialects;

import org.jspecify.annotations.NullMarked;
