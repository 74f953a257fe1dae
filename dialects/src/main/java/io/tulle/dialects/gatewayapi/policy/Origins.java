package io.tulle.dialects.gatewayapi.policy;

import io.tulle.dialects.code.Codes;
import io.tulle.dialects.field.FieldReader;
import io.tulle.dialects.kind.HttpWords;
import io.tulle.model.match.TextMatch;
import io.tulle.model.policy.CorsPolicy;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Gateway API's CORSOrigin: {@code *}, {@code https://example.com:8443}, {@code https://*.example.com}, {@code https://*}. */
final class Origins {
    private static final Pattern FORM =
            Pattern.compile("(https?)://((\\*\\.)?([a-zA-Z0-9-]+\\.)*[a-zA-Z0-9-]+|\\*)(:([1-9][0-9]{0,4}))?");
    private static final int LONGEST = 253;

    private Origins() {}

    static TextMatch of(FieldReader cors, String origin) {
        if (origin.equals(CorsPolicy.ANY)) return new TextMatch.Exact(CorsPolicy.ANY);
        var parts = FORM.matcher(origin);
        if (!parts.matches() || origin.length() > LONGEST || !isPort(parts.group(6))) {
            cors.problem(
                    Codes.BAD_HOST,
                    "allowOrigins",
                    "'" + HttpWords.shown(origin) + "' is not an origin",
                    "write https://example.com, https://*.example.com or \"*\"");
            return new TextMatch.Exact("");
        }
        var scheme = parts.group(1);
        return match(scheme, parts.group(2).toLowerCase(Locale.ROOT), port(scheme, parts.group(6)));
    }

    /** A browser names the host in lower case, and leaves out the port that its scheme has anyway (RFC 6454). */
    private static TextMatch match(String scheme, String host, String port) {
        if (!host.startsWith("*")) return new TextMatch.Exact(scheme + "://" + host + port);
        var below = host.substring(1).replace(".", "\\.");
        var any = below.isEmpty() ? "([^/:]+|\\[[0-9a-f:.]+\\])" : "[^/:]+";
        return new TextMatch.Regex(scheme + "://" + any + below + port);
    }

    private static String port(String scheme, @Nullable String port) {
        var own = scheme.equals("https") ? "443" : "80";
        return port == null || port.equals(own) ? "" : ":" + port;
    }

    private static boolean isPort(@Nullable String port) {
        return port == null || Integer.parseInt(port) <= 65535;
    }
}
