/**
 * HTTP/2 on both sides of an exchange: frames read with one strict reading of RFC 9113 or refused, windows that follow
 * whoever consumes, the door towards callers and the connection towards endpoints. HPACK is Netty's; streams, windows and
 * limits are our own, so that a request costs no stream objects of a library. Nothing here routes or retries.
 */
@NullMarked
package io.tulle.proxy.http2;

import org.jspecify.annotations.NullMarked;
