package io.tulle.xds.codec;

import io.tulle.model.policy.HeaderPolicy;
import java.util.Optional;

/** Envoy's header changes of a route. */
final class HeaderCodec implements RoutePolicyCodec<HeaderPolicy> {
    @Override
    public Class<HeaderPolicy> kind() {
        return HeaderPolicy.class;
    }

    @Override
    public void encode(Optional<HeaderPolicy> policy, Writing into) {
        policy.ifPresent(edits -> into.route()
                .addAllRequestHeadersToAdd(Headers.encode(edits.request()))
                .addAllRequestHeadersToRemove(edits.request().remove())
                .addAllResponseHeadersToAdd(Headers.encode(edits.response()))
                .addAllResponseHeadersToRemove(edits.response().remove()));
    }

    @Override
    public Optional<HeaderPolicy> decode(Source from) {
        return HeaderPolicy.of(
                Headers.decode(from.route(), "request_headers_to_add", "request_headers_to_remove"),
                Headers.decode(from.route(), "response_headers_to_add", "response_headers_to_remove"));
    }
}
