package io.tulle.bench;

import io.tulle.model.SpiffeId;
import io.tulle.testkit.TestLeaf;
import io.tulle.testkit.TestPki;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Where a comparison takes place: a folder with certificates and configurations, the backend's port, and how a proxy's process is
 * started so that all have the same.
 *
 * @param prefix what stands before every proxy's command: the pinning, and a priority where one is wanted
 */
record Ground(Path folder, int backend, List<String> prefix) {
    /** Makes a root and a P-256 leaf for each side, as the control plane issues them. */
    static Ground prepare(Path folder, int backend, List<String> prefix) throws IOException {
        var pki = TestPki.create();
        Files.writeString(folder.resolve("root.pem"), pki.rootPem());
        write(folder, "web", pki.leaf(SpiffeId.of("tulle", "shop", "web"), "web-1"));
        write(folder, "cart", pki.leaf(SpiffeId.of("tulle", "shop", "cart"), "cart-1"));
        return new Ground(folder, backend, List.copyOf(prefix));
    }

    private static void write(Path folder, String name, TestLeaf leaf) throws IOException {
        try {
            var own = Files.createDirectory(folder.resolve(name));
            Files.writeString(own.resolve("cert-chain.pem"), leaf.certificatePem());
            Files.writeString(own.resolve("key.pem"), leaf.keyPem());
            Files.copy(folder.resolve("root.pem"), own.resolve("root-cert.pem"));
            Files.writeString(folder.resolve(name + ".both.pem"), leaf.certificatePem() + leaf.keyPem());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A port that is free now; nobody else is expected to take it in the next second. */
    int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Writes a configuration from a resource, with {@code ${name}} filled in, and returns the file. */
    Path configuration(String template, int port, int upstream) throws IOException {
        var text = resource(template);
        var values = Map.of("port", "" + port, "upstream", "" + upstream, "folder", folder.toString());
        for (var value : values.entrySet()) text = text.replace("${" + value.getKey() + "}", value.getValue());
        var file = folder.resolve(port + "-" + template);
        Files.writeString(file, text);
        return file;
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = Ground.class.getResourceAsStream(name)) {
            if (in == null) throw new IllegalArgumentException("no resource " + name);
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Starts a proxy, pinned; its output goes to a file beside its configuration. */
    Worker start(String name, List<String> command) {
        var whole = new ArrayList<>(prefix);
        whole.addAll(command);
        var log = folder.resolve(name + ".log").toFile();
        try {
            return new Worker(new ProcessBuilder(whole)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log)
                    .start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
