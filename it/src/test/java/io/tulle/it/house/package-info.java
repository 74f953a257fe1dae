/** What the house asks of its rooms and a tool can see, read off the compiled classes. */
@NullMarked
package io.tulle.it.house;

import org.jspecify.annotations.NullMarked;
