package io.tulle.proxy.tls;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** PEM (RFC 7468), read and written: certificates in order, and one unencrypted PKCS#8 key. */
public final class Pem {
    private static final String KEY_BEGIN = "-----BEGIN PRIVATE KEY-----";
    private static final String KEY_END = "-----END PRIVATE KEY-----";

    private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, new byte[] {'\n'});

    private Pem() {}

    /** Certificates, one block after the other. */
    public static String of(List<X509Certificate> certificates) {
        return certificates.stream().map(Pem::of).collect(Collectors.joining());
    }

    /** Unencrypted PKCS#8. */
    public static String of(PrivateKey key) {
        return block("PRIVATE KEY", key.getEncoded());
    }

    private static String of(X509Certificate certificate) {
        try {
            return block("CERTIFICATE", certificate.getEncoded());
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a parsed certificate has an encoding", e);
        }
    }

    public static String block(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n" + LINES.encodeToString(der) + "\n-----END " + label + "-----\n";
    }

    /** @throws IllegalArgumentException when there is none, or one that cannot be read */
    public static List<X509Certificate> certificates(String text) {
        try {
            var all = new ArrayList<X509Certificate>();
            var in = new ByteArrayInputStream(text.getBytes(US_ASCII));
            for (var one : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                if (one instanceof X509Certificate certificate) all.add(certificate);
            }
            if (all.isEmpty()) throw new IllegalArgumentException("no certificate");
            return all;
        } catch (CertificateException unreadable) {
            throw new IllegalArgumentException("not a certificate: " + unreadable.getMessage(), unreadable);
        }
    }

    /** @throws IllegalArgumentException when there is none, or it is neither EC, Ed25519 nor RSA */
    public static PrivateKey key(String text) {
        var from = text.indexOf(KEY_BEGIN);
        var to = text.indexOf(KEY_END);
        if (from < 0 || to < from) throw new IllegalArgumentException("no unencrypted PKCS#8 key");
        var der = Base64.getMimeDecoder().decode(text.substring(from + KEY_BEGIN.length(), to));
        for (var algorithm : List.of("EC", "Ed25519", "RSA")) {
            var key = key(algorithm, der);
            if (key.isPresent()) return key.get();
        }
        throw new IllegalArgumentException("a key that is neither EC, Ed25519 nor RSA");
    }

    private static Optional<PrivateKey> key(String algorithm, byte[] der) {
        try {
            return Optional.of(KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der)));
        } catch (GeneralSecurityException other) {
            return Optional.empty();
        }
    }
}
