/**
 * Who may be part of the mesh: the certificate authority, tokens, and the desk at which workloads join and renew. Pure
 * Java over bytes and values; no sockets and no gRPC. It never learns a workload's private key, and what a request asks
 * for beyond its public key is ignored.
 */
@NullMarked
package io.tulle.control.identity;

import org.jspecify.annotations.NullMarked;
