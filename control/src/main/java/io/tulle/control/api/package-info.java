/**
 * The mesh's configuration over HTTP, by Kubernetes' API conventions, so that an unmodified kubectl works. It judges who
 * may write, what a document's frame looks like and how patches apply; what the fields mean is asked of an
 * {@link io.tulle.control.api.Admission}, and durability is the store's.
 */
@NullMarked
package io.tulle.control.api;

import org.jspecify.annotations.NullMarked;
