/**
 * From what is declared (the World) and who is running (the Fleet) to what one proxy hears (a Snapshot). Pure: no clock,
 * no chance, no lookup outside the view. The one place where the model meets the spec.
 */
@NullMarked
package io.tulle.compile;

import org.jspecify.annotations.NullMarked;
