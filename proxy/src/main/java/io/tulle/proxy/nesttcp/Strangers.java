package io.tulle.proxy.nesttcp;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Guesses what else is knocking when no length can be read, so that the log says what to change. */
final class Strangers {
    private static final List<String> METHODS =
            List.of("GET ", "POST ", "PUT ", "HEAD ", "DELETE ", "OPTIONS ", "PATCH ", "PRI ");
    private static final byte HANDSHAKE = 0x16;

    private Strangers() {}

    /** @param bytes read up to the one that was wrong, which is most often the first */
    static String hint(ByteBuf bytes) {
        var start = bytes.readerIndex() - 1;
        if (start < 0) return "";
        if (bytes.getByte(start) == HANDSHAKE) return ": this looks like TLS, sent to a nest-tcp port";
        var length = Math.min(8, bytes.writerIndex() - start);
        var first = bytes.toString(start, length, StandardCharsets.ISO_8859_1);
        return METHODS.stream().anyMatch(first::startsWith) ? ": this looks like HTTP, sent to a nest-tcp port" : "";
    }
}
