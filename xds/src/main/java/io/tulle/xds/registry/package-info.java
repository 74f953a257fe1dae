/** What an instance says of itself, in plain words for both ends. */
@NullMarked
package io.tulle.xds.registry;

import org.jspecify.annotations.NullMarked;
