/** Room xds: what a proxy hears (spec), its Envoy protobuf form (codec), ADS (stream) and the gRPC edges. */
@NullMarked
package io.tulle.xds;

import org.jspecify.annotations.NullMarked;
