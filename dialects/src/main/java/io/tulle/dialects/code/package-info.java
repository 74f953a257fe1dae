/** The codes of everything that reading a document can report, each text once. Needs nothing of the other packages. */
@NullMarked
package io.tulle.dialects.code;

import org.jspecify.annotations.NullMarked;
