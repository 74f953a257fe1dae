/**
 * The control plane's gRPC edge, on the library that serves its API: discovery, joining and the registry, over TLS with
 * an optional client leaf and over a Unix socket. It proves who calls and keeps limits; what is decided is a handler's.
 */
@NullMarked
package io.tulle.xds.server;

import org.jspecify.annotations.NullMarked;
