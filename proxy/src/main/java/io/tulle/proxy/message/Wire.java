package io.tulle.proxy.message;

/** The inner protocols that carry exchanges, by the name that access logs use for each (%PROTOCOL%). */
public enum Wire {
    HTTP_1_0("HTTP/1.0"),
    HTTP_1_1("HTTP/1.1"),
    HTTP_2("HTTP/2"),
    NEST_TCP("NestTCP");

    private final String written;

    Wire(String written) {
        this.written = written;
    }

    public String written() {
        return written;
    }
}
