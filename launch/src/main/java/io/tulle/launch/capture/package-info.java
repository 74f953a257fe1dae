/**
 * Which way a process is caught into the mesh, decided from its command and from what this machine allows, and the
 * rewriting of addresses in environment variables for commands that no other way reaches. Pure but for
 * {@link io.tulle.launch.capture.Facts#look}.
 */
@NullMarked
package io.tulle.launch.capture;

import org.jspecify.annotations.NullMarked;
