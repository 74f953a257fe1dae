/** The demo's labs: each shows one thing of the mesh from outside and says what it saw. Pages for people: {@code docs/labs}. */
@NullMarked
package io.tulle.labs;

import org.jspecify.annotations.NullMarked;
