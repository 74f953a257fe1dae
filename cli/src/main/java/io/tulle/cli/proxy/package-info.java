/**
 * A proxy that stands alone: configuration and identity from files, compiled in place by the control plane's own compiler
 * and read again when a file changes. No control plane takes part.
 */
@NullMarked
package io.tulle.cli.proxy;

import org.jspecify.annotations.NullMarked;
