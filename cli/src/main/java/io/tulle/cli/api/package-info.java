/** The command line's conversation with the control plane's API, over the Unix socket of the same user. */
@NullMarked
package io.tulle.cli.api;

import org.jspecify.annotations.NullMarked;
