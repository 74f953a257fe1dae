/**
 * What others may know of traffic: one report per exchange and per connection, told once at its end. Access log,
 * metrics, traces and taps listen here; nothing here changes what happens.
 */
@NullMarked
package io.tulle.proxy.observe;

import org.jspecify.annotations.NullMarked;
