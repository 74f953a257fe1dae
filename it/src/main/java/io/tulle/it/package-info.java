/** Room it: whole-mesh tests and the dependency-direction test. */
@NullMarked
package io.tulle.it;

import org.jspecify.annotations.NullMarked;
