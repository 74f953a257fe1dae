package io.tulle.proxy.http2;

import io.tulle.model.match.PathNormalizer;
import io.tulle.proxy.http1.HostField;
import io.tulle.proxy.http1.Limits;
import io.tulle.proxy.http1.Octets;
import io.tulle.proxy.message.Headers;
import io.tulle.proxy.message.Reason;
import io.tulle.proxy.message.RequestHead;
import io.tulle.proxy.message.Wire;
import java.util.Locale;
import java.util.Optional;

/** Makes a request of a header section, or finds why it is none (RFC 9113 section 8.3.1). */
final class RequestFields {
    private final PathNormalizer paths;

    RequestFields(PathNormalizer paths) {
        this.paths = paths;
    }

    /** The request; empty when the block has, or has now, a fault. */
    Optional<RequestHead> read(FieldBlock block, boolean end) {
        var pseudo = block.pseudo();
        var fields = block.fields();
        if (block.fault().isEmpty()) judge(block, pseudo, fields, end);
        if (block.fault().isPresent()) return Optional.empty();
        var target = pseudo.first(":path").orElse("");
        var mark = target.indexOf('?');
        var path = paths.normalize(mark < 0 ? target : target.substring(0, mark));
        if (path.isEmpty()) {
            block.bad(Reason.PATH, "no path");
            return Optional.empty();
        }
        var authority = authority(pseudo, fields);
        fields.remove("host");
        return Optional.of(new RequestHead(
                Wire.HTTP_2,
                pseudo.first(":method").orElse(""),
                pseudo.first(":scheme").orElse(""),
                authority,
                path.get(),
                mark < 0 ? "" : target.substring(mark),
                fields,
                Optional.empty()));
    }

    private static void judge(FieldBlock block, Headers pseudo, Headers fields, boolean end) {
        var method = pseudo.first(":method").orElse("");
        var known = 0;
        for (int i = 0; i < pseudo.count(); i++) {
            switch (pseudo.name(i)) {
                case ":method", ":scheme", ":path", ":authority" -> known++;
                default ->
                    block.bad(Reason.HEADER, "an unknown pseudo-header"); // :protocol too: RFC 8441 is not offered
            }
        }
        if (known != pseudo.count()) return;
        if (method.equals("CONNECT")) block.bad(Reason.METHOD, "CONNECT");
        else if (!isToken(method)) block.bad(Reason.REQUEST_LINE, "no :method");
        else if (method.length() > Limits.METHOD) block.bad(Reason.METHOD_LENGTH, method.length() + " characters");
        var scheme = pseudo.first(":scheme").orElse("");
        if (!scheme.equals("http") && !scheme.equals("https")) block.bad(Reason.REQUEST_LINE, "no :scheme of HTTP");
        path(block, pseudo.first(":path").orElse(""), method);
        host(block, pseudo, fields);
        var length = Lengths.of(fields);
        if (length == Lengths.MALFORMED) block.bad(Reason.LENGTH, "not one decimal length");
        if (end && length > 0) block.bad(Reason.LENGTH, "a length of " + length + " and no DATA");
        if (fields.has("expect") && !fields.joined("expect").orElse("").equalsIgnoreCase("100-continue")) {
            block.bad(Reason.EXPECTATION, "not 100-continue");
        }
        if (fields.has("grpc-timeout")
                && !GrpcTimeout.isSane(fields.joined("grpc-timeout").orElse(""))) {
            block.bad(Reason.HEADER, "a grpc-timeout that no clock holds");
        }
    }

    private static boolean isToken(String method) {
        for (int i = 0; i < method.length(); i++) {
            var c = method.charAt(i);
            if (c >= 128 || !Octets.isToken((byte) c)) return false;
        }
        return !method.isEmpty();
    }

    private static void path(FieldBlock block, String path, String method) {
        if (path.isEmpty()) block.bad(Reason.REQUEST_LINE, "no :path");
        else if (path.charAt(0) != '/' && !(path.equals("*") && method.equals("OPTIONS"))) {
            block.bad(Reason.REQUEST_LINE, "a :path that is none");
        }
        for (int i = 0; i < path.length(); i++) {
            var c = path.charAt(i);
            if (c == '#') block.bad(Reason.PATH, "a fragment"); // CVE-2021-32779, CVE-2021-39156
            else if (c >= 128 || !Octets.isTarget((byte) c)) block.bad(Reason.REQUEST_LINE, "a byte that no path has");
        }
    }

    /** One host, in {@code :authority} or {@code host}; where both are, they agree (CVE-2026-59900). */
    private static void host(FieldBlock block, Headers pseudo, Headers fields) {
        var authority = authority(pseudo, fields);
        var hosts = fields.countOf("host");
        if (authority.isEmpty() || hosts > 1) block.bad(Reason.HOST, "not exactly one");
        else if (hosts == 1 && !fields.first("host").orElse("").equalsIgnoreCase(authority)) {
            block.bad(Reason.HOST, ":authority and host differ");
        }
        if (!authority.isEmpty()) HostField.complaint(authority).ifPresent(wrong -> block.bad(Reason.HOST, wrong));
    }

    private static String authority(Headers pseudo, Headers fields) {
        var told = pseudo.has(":authority") ? pseudo.first(":authority") : fields.first("host");
        return told.orElse("").toLowerCase(Locale.ROOT); // the same object where nothing changes
    }
}
