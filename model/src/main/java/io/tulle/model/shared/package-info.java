/** Collections that change in parts: each version shares with the one before all that a change does not touch. */
@NullMarked
package io.tulle.model.shared;

import org.jspecify.annotations.NullMarked;
