/**
 * Room bench: Tulle's proxy beside other proxies on the same machine, under the same open-loop load. It measures and prints; it sets
 * no target. Configurations of the others are in its resources, so that anybody can judge whether the work is equal.
 */
@NullMarked
package io.tulle.bench;

import org.jspecify.annotations.NullMarked;
