/**
 * The words that every room speaks: service names, ports, SPIFFE identities, protocols and problems. Pure values; no I/O, no YAML, no protobuf.
 */
@NullMarked
package io.tulle.model;

import org.jspecify.annotations.NullMarked;
