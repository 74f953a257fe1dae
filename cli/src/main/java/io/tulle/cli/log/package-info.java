/**
 * The one writer of the log: a line for each event on standard error, whatever the texts in it hold. Rooms log by SLF4J and
 * know nothing of it.
 */
@NullMarked
package io.tulle.cli.log;

import org.jspecify.annotations.NullMarked;
