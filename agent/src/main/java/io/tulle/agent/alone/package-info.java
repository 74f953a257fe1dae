/**
 * A proxy that stands alone: it is given what to do, and told when its files have changed. No control plane takes part; who
 * reads the files and compiles them is not known here.
 */
@NullMarked
package io.tulle.agent.alone;

import org.jspecify.annotations.NullMarked;
