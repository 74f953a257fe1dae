package io.tulle.proxy.http2;

import io.netty.handler.codec.http2.Http2Error;

/** A peer broke RFC 9113: its stream is reset, or (stream 0) the connection ends with a GOAWAY. */
final class ProtocolError extends RuntimeException {
    private final int stream;
    private final Http2Error error;
    private final String detail;

    private ProtocolError(int stream, Http2Error error, String detail) {
        super(detail, null, false, false); // hostile input must not buy stack traces
        this.stream = stream;
        this.error = error;
        this.detail = detail;
    }

    static ProtocolError ofConnection(Http2Error error, String detail) {
        return new ProtocolError(0, error, detail);
    }

    /** Of a stream, or of the connection where the stream is 0. */
    static ProtocolError of(int stream, Http2Error error, String detail) {
        return new ProtocolError(stream, error, detail);
    }

    int stream() {
        return stream;
    }

    Http2Error error() {
        return error;
    }

    String detail() {
        return detail;
    }
}
