/**
 * HTTP/1.1 on both sides of an exchange: a reader that knows one strict reading of RFC 9112 or refuses, a writer, the
 * door towards callers and the connection towards endpoints. Nothing here routes or retries.
 */
@NullMarked
package io.tulle.proxy.http1;

import org.jspecify.annotations.NullMarked;
