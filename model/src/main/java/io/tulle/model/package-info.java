/** Room model: the words everybody speaks and the World; pure records, no I/O. */
@NullMarked
package io.tulle.model;

import org.jspecify.annotations.NullMarked;
