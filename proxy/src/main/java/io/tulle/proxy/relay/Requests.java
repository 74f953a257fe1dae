package io.tulle.proxy.relay;

import io.netty.buffer.ByteBuf;

/** Tells HTTP from everything else by the first bytes: a method as RFC 9110 section 9 spells them, then a space. */
final class Requests {
    private static final String[] METHODS = {
        "GET ", "POST ", "PUT ", "HEAD ", "DELETE ", "OPTIONS ", "PATCH ", "PRI * HTTP/2.0\r\n", "TRACE ", "CONNECT "
    };

    private Requests() {}

    /** What has come of it counts: so few bytes that they could still become either are taken for a request. */
    static boolean looksLikeOne(ByteBuf first) {
        for (var method : METHODS) {
            if (begins(first, method)) return true;
        }
        return false;
    }

    private static boolean begins(ByteBuf first, String method) {
        var length = Math.min(first.readableBytes(), method.length());
        for (int i = 0; i < length; i++) {
            if (first.getByte(first.readerIndex() + i) != method.charAt(i)) return false;
        }
        return length > 0;
    }
}
