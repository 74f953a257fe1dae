package io.tulle.xds.codec;

import com.google.protobuf.Any;
import io.envoyproxy.envoy.config.route.v3.FilterConfig;
import io.envoyproxy.envoy.extensions.filters.http.cors.v3.Cors;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.tulle.model.policy.CorsPolicy;
import io.tulle.model.policy.Percentage;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Envoy's CORS filter, as configured for one route. */
final class CorsCodec implements RoutePolicyCodec<CorsPolicy> {
    /** The filter's name, which is also the key of its per-route configuration. */
    static final String FILTER = "envoy.filters.http.cors";

    private static final io.envoyproxy.envoy.extensions.filters.http.cors.v3.CorsPolicy PROTOTYPE =
            io.envoyproxy.envoy.extensions.filters.http.cors.v3.CorsPolicy.getDefaultInstance();

    @Override
    public Class<CorsPolicy> kind() {
        return CorsPolicy.class;
    }

    @Override
    public void encode(Optional<CorsPolicy> policy, Writing into) {
        policy.ifPresent(cors -> into.route().putTypedPerFilterConfig(FILTER, Any.pack(optional(cors))));
    }

    /** A client of gRPC that takes xDS itself knows no such filter, and has no browser behind it: it may leave it out. */
    private static FilterConfig optional(CorsPolicy policy) {
        return FilterConfig.newBuilder()
                .setConfig(Any.pack(cors(policy)))
                .setIsOptional(true)
                .build();
    }

    /** The filter in the chain, which does nothing for a route that does not configure it. */
    static HttpFilter filter() {
        return HttpFilter.newBuilder()
                .setName(FILTER)
                .setTypedConfig(Any.pack(Cors.getDefaultInstance()))
                .setIsOptional(true)
                .build();
    }

    private static io.envoyproxy.envoy.extensions.filters.http.cors.v3.CorsPolicy cors(CorsPolicy policy) {
        var cors = io.envoyproxy.envoy.extensions.filters.http.cors.v3.CorsPolicy.newBuilder()
                .setAllowMethods(String.join(",", policy.methods()))
                .setAllowHeaders(String.join(",", policy.headers()))
                .setExposeHeaders(String.join(",", policy.exposed()))
                .setAllowCredentials(Wellknown.flag(policy.credentials()))
                .setForwardNotMatchingPreflights(Wellknown.flag(policy.forwardsUnmatched()));
        policy.origins().forEach(origin -> cors.addAllowOriginStringMatch(Texts.encode(origin)));
        policy.maxAge().ifPresent(age -> cors.setMaxAge(Long.toString(age)));
        return cors.build();
    }

    /** Another server may write the policy without the wrapper. */
    @Override
    public Optional<CorsPolicy> decode(Source from) {
        return from.route().anyOfMap("typed_per_filter_config", FILTER, FILTERS).flatMap(any -> {
            if (!any.getTypeUrl().endsWith("/" + FilterConfig.getDescriptor().getFullName()))
                return Optional.of(policy(opened(from.route(), any)));
            var wrapper = from.route().unpack(any, "typed_per_filter_config", FilterConfig.getDefaultInstance());
            wrapper.ignore("is_optional"); // it is known here
            if (wrapper.flag("disabled")) {
                wrapper.ignore("config"); // not in use
                return Optional.empty();
            }
            return Optional.of(policy(wrapper.any("config", PROTOTYPE)));
        });
    }

    private static Node opened(Node route, Any any) {
        return route.unpack(any, "typed_per_filter_config", PROTOTYPE);
    }

    private static CorsPolicy policy(Node cors) {
        if (!cors.child("filter_enabled")
                .map(CorsCodec::share)
                .orElse(Percentage.ALL)
                .equals(Percentage.ALL)) throw cors.unsupported("filter_enabled");
        if (cors.wrappedFlag("allow_private_network_access").orElse(false))
            throw cors.unsupported("allow_private_network_access");
        return new CorsPolicy(
                cors.children("allow_origin_string_match").stream()
                        .map(Texts::decode)
                        .toList(),
                words(cors.text("allow_methods")),
                words(cors.text("allow_headers")),
                words(cors.text("expose_headers")),
                age(cors),
                cors.wrappedFlag("allow_credentials").orElse(false),
                cors.wrappedFlag("forward_not_matching_preflights").orElse(true));
    }

    private static Percentage share(Node fraction) {
        fraction.ignore("runtime_key"); // there is no runtime here that could say another share
        return Wellknown.share(fraction.need("default_value"));
    }

    private static List<String> words(String joined) {
        return Arrays.stream(joined.split(",", -1))
                .map(String::strip)
                .filter(word -> !word.isEmpty())
                .toList();
    }

    private static OptionalLong age(Node cors) {
        var text = cors.text("max_age");
        if (text.isEmpty()) return OptionalLong.empty();
        if (!text.matches("[0-9]{1,18}")) throw cors.invalid("max_age", "is no number of seconds: " + text);
        return OptionalLong.of(Long.parseLong(text));
    }
}
