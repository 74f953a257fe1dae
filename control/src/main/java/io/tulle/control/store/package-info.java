/**
 * Where the mesh's resources live: documents with revisions, status and history, in one crash-safe file. It judges
 * preconditions and keeps order; what a document means is said by the dialects, who may write it by the API.
 */
@NullMarked
package io.tulle.control.store;

import org.jspecify.annotations.NullMarked;
