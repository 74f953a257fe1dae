package io.tulle.proxy.route;

import io.tulle.model.policy.HashKey;
import io.tulle.model.policy.HashPolicy;
import io.tulle.proxy.balance.XxHash;
import io.tulle.proxy.policy.PolicyPlan;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;

/**
 * What of a route's requests is hashed. Several keys make one hash, those that a request does not have left out, as Envoy's
 * hash_policy does.
 */
public record HashPlan(List<HashKey> keys) implements PolicyPlan {
    /** Nothing is: requests go anywhere. */
    public static final HashPlan NONE = new HashPlan(List.of());

    /**
     * What a request says.
     *
     * @param hash empty where it has none of the keys
     * @param cookies each the value of a Set-Cookie header, so that it has them the next time
     */
    public record Drawn(OptionalLong hash, List<String> cookies) {}

    static HashPlan compile(HashPolicy policy) {
        return new HashPlan(policy.keys());
    }

    /** The hash of one request; one that lacks a cookie is given it, where the key says so. */
    public Drawn draw(RequestFacts request, InetAddress caller, RandomGenerator random) {
        var hash = OptionalLong.empty();
        var given = new ArrayList<String>(0);
        for (var key : keys) {
            var value = value(key, request, caller);
            if (value.isEmpty()
                    && key instanceof HashKey.Cookie cookie
                    && cookie.ttl().isPresent()) {
                value = Optional.of(HexFormat.of().toHexDigits(random.nextLong()));
                given.add(SetCookie.of(cookie, value.get()));
            }
            if (value.isPresent()) hash = joined(hash, XxHash.of(value.get()));
        }
        return new Drawn(hash, given);
    }

    /** The same where nothing can be given. */
    public OptionalLong said(RequestFacts request, InetAddress caller) {
        var hash = OptionalLong.empty();
        for (var key : keys) {
            var value = value(key, request, caller);
            if (value.isPresent()) hash = joined(hash, XxHash.of(value.get()));
        }
        return hash;
    }

    /** Of a connection that says nothing else. */
    public static OptionalLong ofSource(InetAddress caller) {
        return OptionalLong.of(XxHash.of(caller.getHostAddress()));
    }

    private static OptionalLong joined(OptionalLong before, long next) {
        return OptionalLong.of(before.isPresent() ? Long.rotateLeft(before.getAsLong(), 1) ^ next : next);
    }

    private static Optional<String> value(HashKey key, RequestFacts request, InetAddress caller) {
        return switch (key) {
            case HashKey.Header(var name) -> header(request, name);
            case HashKey.Cookie cookie ->
                Optional.ofNullable(request.header("cookie")).flatMap(all -> Cookies.find(all, cookie.name()));
            case HashKey.SourceAddress() -> Optional.of(caller.getHostAddress());
            case HashKey.QueryParameter(var name) -> Optional.ofNullable(Query.first(request.rawQuery(), name));
        };
    }

    private static Optional<String> header(RequestFacts request, String name) {
        return switch (name) {
            case ":method" -> Optional.of(request.method());
            case ":scheme" -> Optional.of(request.scheme());
            case ":authority" -> Optional.of(request.authority());
            case ":path" ->
                Optional.of(request.rawQuery().isEmpty() ? request.path() : request.path() + "?" + request.rawQuery());
            default -> Optional.ofNullable(request.header(name));
        };
    }
}
