/** Room cli: tulle …: one class per verb. */
@NullMarked
package io.tulle.cli;

import org.jspecify.annotations.NullMarked;
