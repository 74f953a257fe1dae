/**
 * How an operator says which requests are meant, as plain data, and the one form of a path, which proxies and the readers of
 * policies must agree upon. The proxy compiles matches once per plan; only {@link io.tulle.model.match.PathNormalizer} runs per request.
 */
@NullMarked
package io.tulle.model.match;

import org.jspecify.annotations.NullMarked;
