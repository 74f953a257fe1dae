/** Room control: the control plane. */
@NullMarked
package io.tulle.control;

import org.jspecify.annotations.NullMarked;
