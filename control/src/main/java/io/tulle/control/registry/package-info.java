/**
 * Who is running: leases of live instances, and what becomes of those that fall silent. Leases make no revision of the
 * resource store; their changes are versions of the Fleet. It opens no connection: handlers of streams call it.
 */
@NullMarked
package io.tulle.control.registry;

import org.jspecify.annotations.NullMarked;
