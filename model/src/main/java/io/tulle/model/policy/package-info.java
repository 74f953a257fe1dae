/**
 * What should happen to a request, a connection or a peer, as plain data shared by the World and by what a proxy hears.
 */
@NullMarked
package io.tulle.model.policy;

import org.jspecify.annotations.NullMarked;
