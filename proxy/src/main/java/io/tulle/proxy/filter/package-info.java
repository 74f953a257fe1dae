/**
 * Decides whether a request or a connection may go on at all. Filters give verdicts and the chain walks them; whatever
 * goes wrong inside a filter is a no. Nothing here writes an answer or touches a socket.
 */
@NullMarked
package io.tulle.proxy.filter;

import org.jspecify.annotations.NullMarked;
