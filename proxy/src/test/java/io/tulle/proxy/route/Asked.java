package io.tulle.proxy.route;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A request written down for a test: {@code Asked.get("/a?x=1").with("x-user", "ann")}. */
public record Asked(
        String method, String path, String rawQuery, String authority, String scheme, Map<String, String> headers)
        implements RequestFacts {

    public static Asked get(String target) {
        return of("GET", target);
    }

    public static Asked of(String method, String target) {
        var mark = target.indexOf('?');
        var path = mark < 0 ? target : target.substring(0, mark);
        var query = mark < 0 ? "" : target.substring(mark + 1);
        return new Asked(method, path, query, "shop.example:8080", "http", Map.of());
    }

    public Asked with(String header, String value) {
        var all = new TreeMap<>(headers);
        all.put(header, value);
        return new Asked(method, path, rawQuery, authority, scheme, all);
    }

    public Asked at(String newAuthority) {
        return new Asked(method, path, rawQuery, newAuthority, scheme, headers);
    }

    public Asked over(String newScheme) {
        return new Asked(method, path, rawQuery, authority, newScheme, headers);
    }

    @Override
    public @Nullable String header(String lowerCaseName) {
        return headers.get(lowerCaseName);
    }
}
