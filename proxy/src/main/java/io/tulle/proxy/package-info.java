/** Room proxy: the data plane. */
@NullMarked
package io.tulle.proxy;

import org.jspecify.annotations.NullMarked;
