package io.tulle.labs.stage;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** A certificate that {@code tulle cert} wrote, for a lab that speaks TLS itself. */
public record Leaf(PrivateKey key, List<X509Certificate> chain) {
    private static final String URI_NAME = "6"; // RFC 5280, GeneralName: uniformResourceIdentifier

    public Leaf {
        chain = List.copyOf(chain);
    }

    /** Reads {@code cert-chain.pem} and {@code key.pem}. */
    public static Leaf read(Path folder) {
        try {
            var certificates = CertificateFactory.getInstance("X.509")
                    .generateCertificates(
                            new ByteArrayInputStream(Files.readAllBytes(folder.resolve("cert-chain.pem"))));
            var der = Files.readString(folder.resolve("key.pem")).replaceAll("-----[A-Z ]+-----|\\s", "");
            var key = KeyFactory.getInstance("EC")
                    .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(der)));
            return new Leaf(
                    key, certificates.stream().map(X509Certificate.class::cast).toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new Unmet("what tulle cert wrote cannot be read: " + e);
        }
    }

    public Instant expires() {
        return chain.getFirst().getNotAfter().toInstant();
    }

    /** The one URI among a certificate's names: its SPIFFE id. */
    public static String spiffeId(X509Certificate certificate) {
        try {
            var names = certificate.getSubjectAlternativeNames();
            if (names == null) throw new Unmet("a leaf without names");
            var uris = names.stream()
                    .filter(name -> String.valueOf(name.get(0)).equals(URI_NAME))
                    .map(name -> String.valueOf(name.get(1)))
                    .toList();
            Unmet.unless(uris.size() == 1, "a leaf with the URIs " + uris);
            return uris.getFirst();
        } catch (CertificateParsingException e) {
            throw new Unmet("a leaf that cannot be parsed: " + e);
        }
    }

    /** Shows this leaf whatever the peer asks for, and takes whatever the peer shows: the lab looks at that itself. */
    public SSLContext context() {
        try {
            var context = SSLContext.getInstance("TLSv1.3");
            context.init(new KeyManager[] {new Shown(this)}, new TrustManager[] {new TakesAll()}, new SecureRandom());
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static final class Shown extends X509ExtendedKeyManager {
        private static final String ALIAS = "leaf";
        private final Leaf leaf;

        private Shown(Leaf leaf) {
            this.leaf = leaf;
        }

        @Override
        public String chooseClientAlias(String[] kinds, Principal @Nullable [] issuers, @Nullable Socket socket) {
            return ALIAS;
        }

        @Override
        public String chooseEngineClientAlias(
                String[] kinds, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
            return ALIAS;
        }

        @Override
        public String chooseServerAlias(String kind, Principal @Nullable [] issuers, @Nullable Socket socket) {
            return ALIAS;
        }

        @Override
        public String chooseEngineServerAlias(String kind, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
            return ALIAS;
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return leaf.chain().toArray(new X509Certificate[0]);
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return leaf.key();
        }

        @Override
        public String[] getClientAliases(String kind, Principal @Nullable [] issuers) {
            return new String[] {ALIAS};
        }

        @Override
        public String[] getServerAliases(String kind, Principal @Nullable [] issuers) {
            return new String[] {ALIAS};
        }
    }

    private static final class TakesAll extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String kind, @Nullable Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String kind, @Nullable Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String kind, @Nullable SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String kind, @Nullable SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String kind) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String kind) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
