/** A gateway: a proxy without an application that opens doors to callers from outside the mesh. */
@NullMarked
package io.tulle.agent.gateway;

import org.jspecify.annotations.NullMarked;
