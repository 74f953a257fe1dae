package io.tulle.proxy.http1;

import io.tulle.proxy.message.Reason;

/** Method, target and version, each separated by one space (RFC 9112 section 3). */
record RequestLine(String method, String target, boolean isHttp10) {
    static final RequestLine NONE = new RequestLine("", "", false);

    private static final String[] METHODS = {"GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH"};

    static RequestLine read(Lines line) {
        var bytes = line.bytes();
        var length = line.length();
        int methodEnd = 0;
        while (methodEnd < length && Octets.isToken(bytes[methodEnd])) methodEnd++;
        if (methodEnd == 0 || methodEnd == length || bytes[methodEnd] != ' ') {
            throw new Malformed(Reason.REQUEST_LINE, "no method");
        }
        if (methodEnd > Limits.METHOD) throw new Malformed(Reason.METHOD_LENGTH, methodEnd + " characters");
        int targetEnd = methodEnd + 1;
        while (targetEnd < length && Octets.isTarget(bytes[targetEnd])) targetEnd++;
        if (targetEnd == methodEnd + 1 || targetEnd == length || bytes[targetEnd] != ' ') {
            throw new Malformed(Reason.REQUEST_LINE, "no target, or a byte in it that none has");
        }
        var http10 = version(bytes, targetEnd + 1, length);
        return new RequestLine(method(line, methodEnd), line.text(methodEnd + 1, targetEnd), http10);
    }

    /** Reads {@code HTTP/1.1} or {@code HTTP/1.0}; another version well written is 505. */
    private static boolean version(byte[] bytes, int from, int length) {
        var known = length - from == 8
                && bytes[from] == 'H'
                && bytes[from + 1] == 'T'
                && bytes[from + 2] == 'T'
                && bytes[from + 3] == 'P'
                && bytes[from + 4] == '/'
                && Octets.isDigit(bytes[from + 5])
                && bytes[from + 6] == '.'
                && Octets.isDigit(bytes[from + 7]);
        if (!known) throw new Malformed(Reason.REQUEST_LINE, "no version");
        if (bytes[from + 5] != '1' || bytes[from + 7] > '1') throw new Malformed(Reason.VERSION, "not HTTP/1.1");
        return bytes[from + 7] == '0';
    }

    private static String method(Lines line, int end) {
        for (var known : METHODS) {
            if (known.length() == end && known.equals(line.text(0, end))) return known;
        }
        return line.text(0, end);
    }
}
