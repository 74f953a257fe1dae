/**
 * The launcher's side of the Node hook: the file that tells the hook about its run, and the socket on which hooks say
 * where the application really listens and hear which names are in the mesh. The protocol is
 * docs/reference/hook-protocol.md, version 1.
 */
@NullMarked
package io.tulle.launch.hook;

import org.jspecify.annotations.NullMarked;
