/** Room labs: the demo's labs and the open-loop load generator; they act from outside. */
@NullMarked
package io.tulle.labs;

import org.jspecify.annotations.NullMarked;
