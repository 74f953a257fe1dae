/** Room testkit: manual clock, test PKI, raw sockets, tiny origins, fault relay for tests of every room. */
@NullMarked
package io.tulle.testkit;

import org.jspecify.annotations.NullMarked;
