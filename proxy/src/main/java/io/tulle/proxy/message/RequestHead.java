package io.tulle.proxy.message;

import io.tulle.proxy.route.RequestFacts;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a request says before its body, whatever wire it came on. Framing and hop-by-hop fields are gone: a
 * {@code content-length} that stays has been checked; without one, the body's length is unknown until its end.
 *
 * @param authority host and port as the caller wrote them, lower-case ({@code Host}, {@code :authority})
 * @param path normalised once: this one string is matched, routed and forwarded
 * @param query the query string with its {@code ?}, untouched, or empty
 * @param upgrade a protocol that the caller wants to switch to ({@code websocket}); both bodies are its bytes then
 */
public record RequestHead(
        Wire wire,
        String method,
        String scheme,
        String authority,
        String path,
        String query,
        Headers headers,
        Optional<String> upgrade)
        implements RequestFacts {

    /** Path and query as a request line or {@code :path} carries them. */
    public String target() {
        return query.isEmpty() ? path : path + query;
    }

    @Override
    public String rawQuery() {
        return query.isEmpty() ? "" : query.substring(1);
    }

    @Override
    public @Nullable String header(String lowerCaseName) {
        return headers.joined(lowerCaseName).orElse(null);
    }

    public boolean isHead() {
        return method.equals("HEAD");
    }

    /** Whether it is a call of gRPC, whose errors are said as statuses of its own. */
    public boolean isGrpc() {
        return headers.first("content-type").orElse("").startsWith("application/grpc");
    }

    /** The same request, sent by another scheme. */
    public RequestHead by(String other) {
        return new RequestHead(wire, method, other, authority, path, query, headers, upgrade);
    }

    /** The same request as a route changes it. A query that stands in the new path comes before the request's own. */
    public RequestHead as(String newPath, String newAuthority, Headers newHeaders) {
        var mark = newPath.indexOf('?');
        var bare = mark < 0 ? newPath : newPath.substring(0, mark);
        var written = mark < 0 ? "" : newPath.substring(mark);
        var both = written.isEmpty() || query.isEmpty() ? written + query : written + "&" + query.substring(1);
        return new RequestHead(wire, method, scheme, newAuthority, bare, both, newHeaders, upgrade);
    }
}
