/**
 * TLS that a sidecar begins towards a server outside the mesh: contexts from files of the sidecar's host, and the check of the
 * server's certificate, which says in plain words what is wrong with it. Mutual TLS of the mesh is in {@code proxy.tls}.
 */
@NullMarked
package io.tulle.proxy.originate;

import org.jspecify.annotations.NullMarked;
