/**
 * Decides what a failure leads to: another attempt, a refusal because a limit is reached, or an endpoint left out for a
 * while. It has no thread and no timer of its own: callers bring the time and say when to look again.
 */
@NullMarked
package io.tulle.proxy.resilience;

import org.jspecify.annotations.NullMarked;
