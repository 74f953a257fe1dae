/**
 * The terminal that a person sits at, lent to an application: a pseudoterminal between the two, so that the application has
 * keyboard, size and modes of its own while the launcher is the first to hear of Ctrl-C and Ctrl-Z. Starts no process.
 */
@NullMarked
package io.tulle.launch.terminal;

import org.jspecify.annotations.NullMarked;
