/**
 * Decides what happens to one request: the first route that matches, and of its targets one by weight. Pure: no sockets,
 * no clock, no Netty, so that {@code tulle explain} asks the very code that serves traffic. It does not choose endpoints
 * (room {@code balance}) and does not judge callers (room {@code filter}).
 */
@NullMarked
package io.tulle.proxy.route;

import org.jspecify.annotations.NullMarked;
