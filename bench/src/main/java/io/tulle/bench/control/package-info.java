/**
 * What a change costs the control plane: a real {@code tulle control} in a process of its own, and simulated sidecars that
 * join, register and subscribe as ours do, over mutual TLS, in this one. They keep nothing of what they hear, so that
 * a thousand fit into one JVM.
 */
@NullMarked
package io.tulle.bench.control;

import org.jspecify.annotations.NullMarked;
