/** What the command line itself can refuse or find. */
@NullMarked
package io.tulle.cli.code;

import org.jspecify.annotations.NullMarked;
