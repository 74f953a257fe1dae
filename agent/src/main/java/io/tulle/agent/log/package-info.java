/**
 * The one writer of the log: a line for each event on standard error, whatever the texts in it hold. Rooms log by SLF4J and
 * know nothing of it; the program that wires them names it (META-INF/services).
 */
@NullMarked
package io.tulle.agent.log;

import org.jspecify.annotations.NullMarked;
