/** What a kind is, and what a decoder of one must be able to say; the table of all of them is Kinds. */
@NullMarked
package io.tulle.dialects.kind;

import org.jspecify.annotations.NullMarked;
