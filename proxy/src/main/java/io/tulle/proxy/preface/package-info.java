/**
 * The PROXY protocol v2 header with which the Node hook and the sidecar speak to each other: who really calls, whom the
 * application meant, and the secret of this launch. Bytes to values and back; no sockets.
 */
@NullMarked
package io.tulle.proxy.preface;

import org.jspecify.annotations.NullMarked;
