package io.tulle.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

/**
 * A port of loopback at which nobody listens. It is taken all the while, so that connections are refused and nothing else of this
 * machine comes to listen there: a port that was only freed is soon somebody's.
 */
public final class Nowhere implements AutoCloseable {
    private final Socket holder = new Socket();

    private Nowhere(int port) throws IOException {
        holder.setReuseAddress(true); // where connections of before stand in TIME_WAIT
        holder.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    public static Nowhere take() throws IOException {
        return new Nowhere(0);
    }

    /** Takes the port of somebody who has just stopped listening. */
    public static Nowhere take(int port) throws IOException {
        return new Nowhere(port);
    }

    public int port() {
        return holder.getLocalPort();
    }

    public InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port());
    }

    /** From now on somebody may listen there. */
    @Override
    public void close() throws IOException {
        holder.close();
    }
}
