/**
 * Policies made ready for traffic: what every compiled form has in common. Each form stands where it is used, and knows
 * nothing of the others.
 */
@NullMarked
package io.tulle.proxy.policy;

import org.jspecify.annotations.NullMarked;
