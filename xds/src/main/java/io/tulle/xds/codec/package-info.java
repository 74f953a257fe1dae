/**
 * Spec to Envoy v3 protobuf and back, without loss: {@code decode(encode(s)) = s}. Encoding writes what a real Envoy
 * accepts wherever Envoy has the thing; what it lacks rides in typed metadata or small messages of our own. Decoding
 * notes every field that it reads, so that what is set and not acted on is refused by construction. Only {@code stream},
 * {@code server} and {@code client} look in here: no other room sees a protobuf message.
 */
@NullMarked
package io.tulle.xds.codec;

import org.jspecify.annotations.NullMarked;
