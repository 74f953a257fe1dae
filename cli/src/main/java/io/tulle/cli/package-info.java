/** The command {@code tulle}: one class per verb, what verbs share, and the codes of every room in one list. */
@NullMarked
package io.tulle.cli;

import org.jspecify.annotations.NullMarked;
