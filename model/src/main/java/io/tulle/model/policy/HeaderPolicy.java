package io.tulle.model.policy;

import java.util.Optional;

/** Changes to the headers of a route's requests and responses, whichever of its destinations they go to. */
public record HeaderPolicy(HeaderEdits request, HeaderEdits response) implements RoutePolicy {
    public static final HeaderPolicy NONE = new HeaderPolicy(HeaderEdits.NONE, HeaderEdits.NONE);

    /** Empty where nothing is changed. */
    public static Optional<HeaderPolicy> of(HeaderEdits request, HeaderEdits response) {
        return request.isEmpty() && response.isEmpty()
                ? Optional.empty()
                : Optional.of(new HeaderPolicy(request, response));
    }

    @Override
    public void requireSound() {
        request.requireHarmless(HeaderEdits.Of.REQUEST);
        response.requireHarmless(HeaderEdits.Of.RESPONSE);
    }

    @Override
    public RoutePolicy and(RoutePolicy other) {
        if (!(other instanceof HeaderPolicy(var otherRequest, var otherResponse))) return RoutePolicy.super.and(other);
        return new HeaderPolicy(one(request, otherRequest), one(response, otherResponse));
    }

    private static HeaderEdits one(HeaderEdits first, HeaderEdits second) {
        return second.isEmpty() ? first : second;
    }
}
