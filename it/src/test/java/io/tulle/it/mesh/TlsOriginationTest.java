package io.tulle.it.mesh;

import static io.tulle.it.mesh.OutsideAuthority.dns;
import static io.tulle.it.mesh.OutsideAuthority.uri;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An application that speaks plain HTTP, a sidecar that makes TLS of it, and servers outside the mesh that prove what they are, or do not. */
final class TlsOriginationTest {
    private static final Duration DAY = Duration.ofDays(1);

    @TempDir
    private Path folder;

    private LocalMesh mesh;
    private WebAlone web;
    private OutsideAuthority authority;
    private Path root;

    @BeforeEach
    void start() throws Exception {
        mesh = new LocalMesh(folder);
        web = new WebAlone(mesh, folder, "shop", "web");
        authority = new OutsideAuthority("outside");
        root = authority.writeRoot(folder.resolve("root.pem"));
    }

    @AfterEach
    void stop() {
        web.close();
    }

    @Test
    void plainHttpToPort80GoesOutAsTlsToTheTargetPort() throws Exception {
        try (var server = new Server(authority, authority.leaf(DAY, dns("api.example.com")))) {
            apply(server, "mode: SIMPLE, caCertificates: " + root);

            assertEquals("200 asked for api.example.com by nobody", web.await("200", "api.example.com/"));
        }
    }

    @Test
    void sniAndTheNamesOfTheServerAreAsTheRuleSays() throws Exception {
        try (var server =
                new Server(authority, authority.leaf(DAY, dns("*.internal.example"), uri("spiffe://bank/ns/a/sa/b")))) {
            apply(server, "mode: SIMPLE, sni: one.internal.example, caCertificates: " + root);
            assertEquals(
                    "200 asked for one.internal.example by nobody",
                    web.await("200", "api.example.com/"),
                    "its name is checked too");

            apply(server, "mode: SIMPLE, subjectAltNames: ['spiffe://bank/ns/a/sa/b'], caCertificates: " + root);
            assertEquals("200 asked for api.example.com by nobody", web.await("200 asked for api", "api.example.com/"));

            apply(server, "mode: SIMPLE, subjectAltNames: ['spiffe://bank/ns/a/sa/c'], caCertificates: " + root);
            assertTrue(web.await("503 TUL1670", "api.example.com/").contains("not for spiffe://bank/ns/a/sa/c"));
        }
    }

    @Test
    void aServerOfAnotherNameIsRefused() throws Exception {
        try (var server = new Server(authority, authority.leaf(DAY, dns("other.example.com")))) {
            apply(server, "mode: SIMPLE, caCertificates: " + root);

            var answer = web.await("503", "api.example.com/");
            assertTrue(answer.startsWith("503 TUL1670"), answer);
            assertTrue(answer.contains("it is for other.example.com, and not for api.example.com"), answer);
        }
    }

    @Test
    void anExpiredCertificateIsRefused() throws Exception {
        try (var server = new Server(authority, authority.leaf(DAY.negated(), dns("api.example.com")))) {
            apply(server, "mode: SIMPLE, caCertificates: " + root);

            var answer = web.await("503", "api.example.com/");
            assertTrue(answer.startsWith("503 TUL1670") && answer.contains("it expired at "), answer);
        }
    }

    @Test
    void theSystemsRootsDecideWhereTheRuleNamesNone() throws Exception {
        try (var server = new Server(authority, authority.leaf(DAY, dns("api.example.com")))) {
            apply(server, "mode: SIMPLE");

            var answer = web.await("503", "api.example.com/");
            assertTrue(answer.startsWith("503 TUL1670"), answer);
            assertTrue(answer.contains("its issuer, CN=outside, leads to no root that is trusted"), answer);

            apply(server, "mode: SIMPLE, insecureSkipVerify: true");
            assertEquals("200 asked for api.example.com by nobody", web.await("200", "api.example.com/"));
        }
    }

    @Test
    void aRevokedCertificateIsRefused() throws Exception {
        var revoked = authority.leaf(DAY, dns("api.example.com"));
        var list = authority.writeRevoked(folder.resolve("revoked.pem"), List.of(revoked));
        try (var server = new Server(authority, revoked);
                var other = new Server(authority, authority.leaf(DAY, dns("api.example.com")))) {
            apply(server, "mode: SIMPLE, caCertificates: " + root + ", caCrl: " + list);
            assertTrue(web.await("503 TUL1670", "api.example.com/").contains("its issuer has revoked it"));

            apply(other, "mode: SIMPLE, caCertificates: " + root + ", caCrl: " + list);
            assertEquals("200 asked for api.example.com by nobody", web.await("200", "api.example.com/"));
        }
    }

    @Test
    void theSidecarShowsTheCertificateOfItsHostsFiles() throws Exception {
        var certificate = folder.resolve("client.pem");
        var key = folder.resolve("client.key");
        var mutual = "mode: MUTUAL, clientCertificate: " + certificate + ", privateKey: " + key + ", caCertificates: "
                + root;
        try (var server = new Server(authority, authority.leaf(DAY, dns("api.example.com")))) {
            apply(server, mutual);
            var answer = web.await("503", "api.example.com/");
            assertTrue(answer.startsWith("503 TUL1672") && answer.contains(certificate.toString()), answer);

            authority.leaf(DAY, dns("client.shop")).write(certificate, key);
            assertEquals("200 asked for api.example.com by CN=leaf", web.await("200", "api.example.com/"));
        }
    }

    @Test
    void aServerWithoutTlsIsNamed() throws Exception {
        try (var plain = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            var answering = Thread.ofVirtual().start(() -> answerPlainly(plain));
            apply(plain.getLocalPort(), "mode: SIMPLE, caCertificates: " + root);
            var answer = web.await("503", "api.example.com/");
            assertTrue(answer.startsWith("503 TUL1671") && answer.contains("is not TLS"), answer);
            plain.close();
            answering.join();
        }
    }

    private static void answerPlainly(ServerSocket server) {
        while (!server.isClosed()) {
            try (var connection = server.accept()) {
                connection
                        .getOutputStream()
                        .write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            } catch (IOException over) {
                return;
            }
        }
    }

    private void apply(Server server, String tls) {
        apply(server.port(), tls);
    }

    /** As Istio's page on egress TLS origination has it. */
    private void apply(int port, String tls) {
        assertEquals(List.of(), mesh.apply("""
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: api, namespace: shop}
                spec:
                  hosts: [api.example.com]
                  resolution: STATIC
                  ports: [{number: 80, protocol: HTTP, name: http-port, targetPort: %d}]
                  endpoints: [{address: 127.0.0.1}]
                ---
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: api, namespace: shop}
                spec:
                  host: api.example.com
                  trafficPolicy:
                    portLevelSettings: [{port: {number: 80}, tls: {%s}}]
                """.formatted(port, tls)));
    }

    /** Says by which name it was asked for, and who asked. */
    private record Server(HttpsServer server) implements AutoCloseable {
        Server(OutsideAuthority authority, OutsideAuthority.Pair own) throws Exception {
            this(HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
            begin(authority.server(own));
        }

        private void begin(SSLContext context) {
            server.setHttpsConfigurator(new HttpsConfigurator(context) {
                @Override
                public void configure(HttpsParameters parameters) {
                    var asked = context.getDefaultSSLParameters();
                    asked.setWantClientAuth(true);
                    parameters.setSSLParameters(asked);
                }
            });
            server.createContext("/", exchange -> {
                var session = (ExtendedSSLSession) ((HttpsExchange) exchange).getSSLSession();
                var name = new String(
                        session.getRequestedServerNames().getFirst().getEncoded(), StandardCharsets.US_ASCII);
                var body = ("asked for " + name + " by " + peer(session)).getBytes(StandardCharsets.US_ASCII);
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
                exchange.close();
            });
            server.start();
        }

        private static String peer(ExtendedSSLSession session) {
            try {
                return session.getPeerPrincipal().getName();
            } catch (SSLPeerUnverifiedException none) {
                return "nobody";
            }
        }

        int port() {
            return server.getAddress().getPort();
        }

        @Override
        public void close() {
            server.stop(0);
        }
    }
}
