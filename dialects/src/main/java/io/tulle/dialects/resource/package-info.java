/** A document as the store and the API hold it: who it is (kind, namespace, name), what it asks for, how it stands. */
@NullMarked
package io.tulle.dialects.resource;

import org.jspecify.annotations.NullMarked;
