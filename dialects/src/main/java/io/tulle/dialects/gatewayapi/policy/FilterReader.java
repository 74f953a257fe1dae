package io.tulle.dialects.gatewayapi.policy;

import io.tulle.dialects.field.FieldReader;
import io.tulle.dialects.kind.Context;
import io.tulle.model.policy.RoutePolicy;
import java.util.List;
import java.util.Optional;

/** Reads one type of filter that is a route policy, or a part of one. */
public interface FilterReader {
    /** One line a type. */
    List<FilterReader> ALL = List.of(HeaderFilter.REQUEST, HeaderFilter.RESPONSE, new MirrorFilter(), new CorsFilter());

    /** The filter's {@code type}. */
    String type();

    /** The field that holds its configuration. */
    String field();

    /** Whether a rule may have several of this type. */
    boolean mayRepeat();

    /** Empty where it asks for nothing. */
    Optional<? extends RoutePolicy> read(FieldReader configuration, Context context);
}
