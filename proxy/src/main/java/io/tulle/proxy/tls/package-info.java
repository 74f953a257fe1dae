/**
 * Mutual TLS 1.3 between sidecars: contexts from the own identity, and a verifier of SPIFFE identities that is asked
 * during every handshake. Host names play no part. Nothing here knows what is spoken inside.
 */
@NullMarked
package io.tulle.proxy.tls;

import org.jspecify.annotations.NullMarked;
