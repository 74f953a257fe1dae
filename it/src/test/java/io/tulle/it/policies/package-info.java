/** Goldens of policies: what documents come to, from their text to what a proxy decides. */
@NullMarked
package io.tulle.it.policies;

import org.jspecify.annotations.NullMarked;
