/**
 * Compose files as plain data: what a person wrote for Docker Compose and Tulle starts as processes. Nothing here starts
 * anything or touches the disk; the environment and files are asked of the caller.
 */
@NullMarked
package io.tulle.dialects.compose;

import org.jspecify.annotations.NullMarked;
