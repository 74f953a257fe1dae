package io.tulle.labs.load;

/** An answer that is not HTTP/1.1 as RFC 9112 has it; the message says where. */
final class Malformed extends Exception {
    private static final long serialVersionUID = 1;

    Malformed(String what) {
        super(what);
    }
}
