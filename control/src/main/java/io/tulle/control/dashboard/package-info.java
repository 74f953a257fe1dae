/**
 * The first page for people: what is running, who calls whom, is every proxy in sync. It draws nothing that is not in
 * {@code GET /mesh/overview}, changes nothing, and loads nothing from anywhere else; the page itself is the garden
 * {@code dashboard/}.
 */
@NullMarked
package io.tulle.control.dashboard;

import org.jspecify.annotations.NullMarked;
