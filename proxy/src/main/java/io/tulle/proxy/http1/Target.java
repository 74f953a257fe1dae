package io.tulle.proxy.http1;

import io.tulle.proxy.message.Headers;
import io.tulle.proxy.message.Reason;
import java.util.Locale;

/**
 * Whom and what a request asks for (RFC 9112 section 3.2): origin-form, absolute-form whose authority is the host's, and
 * {@code *} of OPTIONS.
 *
 * @param query with its {@code ?}, or empty
 */
record Target(String scheme, String authority, String path, String query) {
    static Target of(RequestLine line, Headers fields) {
        if (line.method().equals("CONNECT")) throw new Malformed(Reason.METHOD, "CONNECT");
        var host = host(fields);
        var target = line.target();
        if (target.charAt(0) == '/') return split("http", host, target);
        if (target.equals("*") && line.method().equals("OPTIONS")) return new Target("http", host, "*", "");
        return absolute(host, target);
    }

    private static Target absolute(String host, String target) {
        var lower = target.toLowerCase(Locale.ROOT);
        var scheme = lower.startsWith("http://") ? "http" : lower.startsWith("https://") ? "https" : "";
        if (scheme.isEmpty()) throw new Malformed(Reason.REQUEST_LINE, "a target of no known form");
        var from = scheme.length() + 3;
        var end = from;
        while (end < target.length() && "/?#".indexOf(target.charAt(end)) < 0) end++;
        if (!lower.substring(from, end).equals(host)) throw new Malformed(Reason.HOST, "target and host differ");
        var rest = target.substring(end);
        return split(scheme, host, rest.startsWith("/") ? rest : "/" + rest);
    }

    private static Target split(String scheme, String host, String target) {
        var mark = target.indexOf('?');
        if (mark < 0) return new Target(scheme, host, target, "");
        var fragment = target.indexOf('#', mark);
        var query = fragment < 0 ? target.substring(mark) : target.substring(mark, fragment);
        return new Target(scheme, host, target.substring(0, mark), query);
    }

    private static String host(Headers fields) {
        if (fields.countOf("host") != 1) throw new Malformed(Reason.HOST, "not exactly one");
        var host = fields.first("host").orElse("");
        HostField.complaint(host).ifPresent(wrong -> {
            throw new Malformed(Reason.HOST, wrong);
        });
        return lowerCase(host);
    }

    private static String lowerCase(String host) {
        for (int i = 0; i < host.length(); i++) {
            if (host.charAt(i) >= 'A' && host.charAt(i) <= 'Z') return host.toLowerCase(Locale.ROOT);
        }
        return host;
    }
}
