/** Room bench: side-by-side harness against other proxies. */
@NullMarked
package io.tulle.bench;

import org.jspecify.annotations.NullMarked;
