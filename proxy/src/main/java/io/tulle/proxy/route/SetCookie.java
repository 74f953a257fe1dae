package io.tulle.proxy.route;

import io.tulle.model.policy.HashKey;
import io.tulle.model.policy.SessionPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The value of a Set-Cookie header (RFC 6265 section 4.1), out of reach of a page's scripts as Envoy makes it. */
final class SetCookie {
    private SetCookie() {}

    static String of(SessionPolicy.Cookie cookie, Optional<Duration> end, String value) {
        var age = cookie.permanent() ? end : Optional.<Duration>empty();
        return of(new HashKey.Cookie(cookie.name(), Optional.of(cookie.path()), age, List.of()), value);
    }

    static String of(HashKey.Cookie cookie, String value) {
        var text = new StringBuilder(cookie.name()).append('=').append(value);
        var age = cookie.ttl().orElse(Duration.ZERO);
        if (!age.isZero()) text.append("; Max-Age=").append(Math.max(1, age.toSeconds())); // 0 would delete it
        cookie.path().ifPresent(path -> text.append("; Path=").append(path));
        for (var attribute : cookie.attributes()) {
            text.append("; ").append(attribute.name());
            if (!attribute.value().isEmpty()) text.append('=').append(attribute.value());
        }
        return text.append("; HttpOnly").toString();
    }
}
