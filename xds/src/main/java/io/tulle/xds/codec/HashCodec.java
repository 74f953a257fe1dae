package io.tulle.xds.codec;

import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.RouteAction.HashPolicy.ConnectionProperties;
import io.envoyproxy.envoy.config.route.v3.RouteAction.HashPolicy.QueryParameter;
import io.tulle.model.policy.HashKey;
import io.tulle.model.policy.HashPolicy;
import java.util.Locale;
import java.util.Optional;

/** Envoy's hash_policy of a route that forwards. */
final class HashCodec implements RoutePolicyCodec<HashPolicy> {
    @Override
    public Class<HashPolicy> kind() {
        return HashPolicy.class;
    }

    @Override
    public void encode(Optional<HashPolicy> policy, Writing into) {
        if (policy.isEmpty() || into.forward().isEmpty()) return;
        policy.get().keys().forEach(key -> into.forward().get().addHashPolicy(encode(key)));
    }

    private static RouteAction.HashPolicy encode(HashKey key) {
        var policy = RouteAction.HashPolicy.newBuilder();
        switch (key) {
            case HashKey.Header(var name) -> policy.getHeaderBuilder().setHeaderName(name);
            case HashKey.Cookie cookie -> {
                var written = policy.getCookieBuilder().setName(cookie.name());
                cookie.path().ifPresent(written::setPath);
                cookie.ttl().ifPresent(ttl -> written.setTtl(Wellknown.duration(ttl)));
                cookie.attributes()
                        .forEach(each -> written.addAttributesBuilder()
                                .setName(each.name())
                                .setValue(each.value()));
            }
            case HashKey.SourceAddress() ->
                policy.setConnectionProperties(ConnectionProperties.newBuilder().setSourceIp(true));
            case HashKey.QueryParameter(var name) ->
                policy.setQueryParameter(QueryParameter.newBuilder().setName(name));
        }
        return policy.build();
    }

    @Override
    public Optional<HashPolicy> decode(Source from) {
        return from.forward()
                .map(forward -> forward.children("hash_policy"))
                .filter(policies -> !policies.isEmpty())
                .map(policies ->
                        new HashPolicy(policies.stream().map(HashCodec::key).toList()));
    }

    private static HashKey key(Node policy) {
        if (policy.flag("terminal")) throw policy.unsupported("terminal");
        return switch (policy.which("policy_specifier")) {
            case "header" -> {
                var header = policy.need("header");
                yield new HashKey.Header(header.name("header_name").toLowerCase(Locale.ROOT));
            }
            case "cookie" -> cookie(policy.need("cookie"));
            case "connection_properties" -> {
                var connection = policy.need("connection_properties");
                if (!connection.flag("source_ip")) throw connection.invalid("source_ip", "is not true");
                yield new HashKey.SourceAddress();
            }
            case "query_parameter" ->
                new HashKey.QueryParameter(policy.need("query_parameter").name("name"));
            case String other -> throw policy.unsupported(other.isEmpty() ? "policy_specifier" : other);
        };
    }

    private static HashKey cookie(Node cookie) {
        return new HashKey.Cookie(
                cookie.name("name"),
                Optional.of(cookie.text("path")),
                cookie.duration("ttl"),
                cookie.children("attributes").stream()
                        .map(each -> new HashKey.Attribute(each.name("name"), each.text("value")))
                        .toList());
    }
}
