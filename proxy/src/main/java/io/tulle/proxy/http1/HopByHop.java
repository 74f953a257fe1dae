package io.tulle.proxy.http1;

import io.tulle.proxy.message.Headers;

/** Takes out what concerns one connection only (RFC 9110 section 7.6.1). */
final class HopByHop {
    private HopByHop() {}

    static void strip(Headers fields) {
        var connection = fields.joined("connection");
        if (connection.isPresent()) {
            nominated(fields, connection.get());
            fields.remove("connection");
        }
        var trailers = fields.has("te") && fields.lists("te", "trailers");
        fields.remove("te");
        if (trailers) fields.add("te", "trailers"); // gRPC asks for it end to end
        fields.remove("keep-alive");
        fields.remove("proxy-connection");
        fields.remove("transfer-encoding");
        fields.remove("upgrade");
        fields.remove("http2-settings");
    }

    /** What a caller nominates goes, but nothing that frames or addresses the message: that is not its to take away. */
    private static void nominated(Headers fields, String connection) {
        for (var part : connection.split(",", -1)) {
            var name = part.strip().toLowerCase(java.util.Locale.ROOT);
            switch (name) {
                case "",
                        "close",
                        "keep-alive",
                        "upgrade",
                        "te",
                        "content-length",
                        "content-type",
                        "host",
                        "expect" -> {}
                default -> fields.remove(name);
            }
        }
    }
}
