/**
 * How decoders read fields: a reader that remembers what it was asked for, over vocabularies that list every field of a
 * dialect, acted on or not. So what a person set and nobody read is reported by construction.
 */
@NullMarked
package io.tulle.dialects.field;

import org.jspecify.annotations.NullMarked;
