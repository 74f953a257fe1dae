/**
 * The World: everything a mesh is at one revision, immutable. A pure fold of resources and leases; views and snapshots are derived from it.
 */
@NullMarked
package io.tulle.model.world;

import org.jspecify.annotations.NullMarked;
