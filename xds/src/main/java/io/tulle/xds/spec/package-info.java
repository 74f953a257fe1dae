/**
 * What a proxy hears: listeners, route tables, clusters, endpoints, trust and peers, as plain records. The codec turns
 * each into an Envoy resource and back without loss. No protobuf type is seen here, and nothing that needs the World.
 */
@NullMarked
package io.tulle.xds.spec;

import org.jspecify.annotations.NullMarked;
