/**
 * YAML and JSON text to immutable trees that know where each key and value was written, and back. Judges form alone
 * (size, depth, aliases, duplicate keys, tags): what a document means is asked elsewhere.
 */
@NullMarked
package io.tulle.dialects.reader;

import org.jspecify.annotations.NullMarked;
