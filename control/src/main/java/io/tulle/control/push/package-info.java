/**
 * From a change to the proxies that it concerns: folds store and registry into the mesh as it is now, compiles what each
 * proxy hears, publishes what differs, and follows each revision until every proxy has confirmed it.
 */
@NullMarked
package io.tulle.control.push;

import org.jspecify.annotations.NullMarked;
