/**
 * How an operator says which requests are meant, as plain data. The proxy compiles these once per plan; nothing here runs per request.
 */
@NullMarked
package io.tulle.model.match;

import org.jspecify.annotations.NullMarked;
