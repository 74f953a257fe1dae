/**
 * What others may know of traffic, made of the reports (package {@code report}) of exchanges and connections: access log,
 * metrics, exported spans. Nothing here changes what happens, and nothing that serves traffic knows it.
 */
@NullMarked
package io.tulle.proxy.observe;

import org.jspecify.annotations.NullMarked;
