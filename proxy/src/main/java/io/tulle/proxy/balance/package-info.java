/**
 * Decides which endpoint of a cluster serves a request, and keeps what is known of each endpoint (requests in flight,
 * ejection) from one plan to the next. It opens no connection and never waits.
 */
@NullMarked
package io.tulle.proxy.balance;

import org.jspecify.annotations.NullMarked;
