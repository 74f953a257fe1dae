package io.tulle.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A real Nest TCP server in a process of its own, of the version that the shop locks, with one handler for each pattern that
 * a test gives. A handler answers {@code {"handler":NUMBER,"data":…}}; {@code "what was seen"} answers with all calls since it
 * was last asked. It ends with this JVM, since it reads its input.
 */
public final class RealNest implements AutoCloseable {
    private final Process process;
    private final int port;

    private RealNest(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** @param patterns what the handlers are registered under, each in JSON */
    public static RealNest start(List<String> patterns) throws IOException, InterruptedException {
        var script = Files.createTempFile("nest-server", ".mjs");
        try (var source = RealNest.class.getResourceAsStream("nest-server.mjs")) {
            if (source == null) throw new IllegalStateException("nest-server.mjs is not in the jar");
            Files.write(script, source.readAllBytes());
        }
        var process = new ProcessBuilder(
                        "node", script.toString(), NestModules.folder().toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        var input = process.getOutputStream();
        // Outside of strings, where JSON allows none, a line's end is white space.
        input.write((patterns.toString().replaceAll("[\r\n]", " ") + "\n").getBytes(UTF_8));
        input.flush();
        var said = process.inputReader(UTF_8).readLine();
        Files.delete(script);
        if (said == null || !said.startsWith("PORT ")) {
            process.destroyForcibly();
            throw new IOException("the Nest server did not start: " + said);
        }
        return new RealNest(process, Integer.parseInt(said.substring("PORT ".length())));
    }

    public int port() {
        return port;
    }

    public SocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    /** What handlers were called with since this was last asked, in JSON. */
    public String seen() throws IOException {
        try (var socket = NestSocket.to(address())) {
            return socket.send("{\"pattern\":\"what was seen\",\"data\":0,\"id\":\"s\"}")
                    .next();
        }
    }

    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) process.destroyForcibly();
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
