package io.tulle.bench;

import java.io.IOException;
import java.util.List;

/** A proxy that takes part: how it is told what to do, and how it is started. One worker each. */
interface Contender {
    /** {@code tulle}, {@code haproxy 2.6.12}… */
    String name();

    /** What it says of its version, on one line. */
    String version();

    /** Starts it in front of the backend, over plain HTTP/1.1. */
    List<Worker> plain(Ground ground, int port) throws IOException;

    /** Starts two in a row, with mutual TLS between them. */
    List<Worker> pair(Ground ground, int port) throws IOException;
}
