package io.tulle.proxy.route;

import io.tulle.model.match.PathMatch;
import io.tulle.xds.spec.ActionSpec;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Where a redirect leads. The port follows Envoy's RedirectAction and Gateway API's HTTPRequestRedirectFilter where they
 * agree: a port that is written counts; else a scheme or a host that is written takes its scheme's own port; else the
 * request's stays. A scheme's own port (80, 443) is left out. The query string stays unless
 * another is written.
 */
final class Location {
    private final Optional<String> scheme;
    private final Optional<String> authority;
    private final OptionalInt port;
    private final PathEdit path;

    private Location(ActionSpec.Redirect redirect, PathEdit path) {
        this.scheme = redirect.scheme().map(s -> s.toLowerCase(Locale.ROOT));
        this.authority = redirect.authority();
        this.port = redirect.port();
        this.path = path;
    }

    static Location compile(ActionSpec.Redirect redirect, Optional<PathMatch> matched) {
        return new Location(redirect, PathEdit.compile(redirect.path(), matched));
    }

    String of(RequestFacts request) {
        var toScheme = scheme.orElseGet(request::scheme);
        var toPath = path.apply(request.path());
        if (!toPath.startsWith("/")) toPath = "/"; // CONNECT and OPTIONS * have no path to come back to
        return toScheme + "://" + authorityFor(request, toScheme) + withQuery(toPath, request.rawQuery());
    }

    /** A query that is written replaces the request's, as in Envoy; a fragment stays behind either. */
    private static String withQuery(String path, String query) {
        if (query.isEmpty()) return path;
        var mark = path.indexOf('#');
        var end = mark < 0 ? path.length() : mark;
        var written = path.substring(0, end);
        return written.indexOf('?') < 0 ? written + "?" + query + path.substring(end) : path;
    }

    private String authorityFor(RequestFacts request, String toScheme) {
        var from = authority.orElseGet(request::authority);
        var ownPort = Authority.portPart(from);
        var bare = from.substring(0, from.length() - ownPort.length());
        if (port.isPresent()) return bare + unlessOwn(":" + port.getAsInt(), toScheme);
        // The request's own port goes when the scheme is another's: 8080 for http says nothing of https.
        if (authority.isEmpty() && scheme.isPresent()) return bare;
        return bare + unlessOwn(ownPort, toScheme);
    }

    private static String unlessOwn(String portPart, String scheme) {
        var own = scheme.equals("https") ? ":443" : ":80";
        return portPart.equals(own) ? "" : portPart;
    }
}
