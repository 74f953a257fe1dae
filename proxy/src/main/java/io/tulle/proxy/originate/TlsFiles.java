package io.tulle.proxy.originate;

import io.tulle.model.policy.ClientTls.KeyFiles;
import io.tulle.proxy.message.Reason;
import io.tulle.proxy.tls.Pem;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.CRLException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** Files of the sidecar's host: roots, revocation lists, a certificate and its key. Reads; never on an event loop. */
final class TlsFiles {
    /** Where systems keep the roots that they trust: Debian, Fedora, SUSE, Alpine. */
    private static final List<String> SYSTEM = List.of(
            "/etc/ssl/certs/ca-certificates.crt",
            "/etc/pki/tls/certs/ca-bundle.crt",
            "/etc/ssl/ca-bundle.pem",
            "/etc/ssl/cert.pem");

    private TlsFiles() {}

    /** A certificate with what it was issued by, and its key. */
    record Own(PrivateKey key, List<X509Certificate> chain) {}

    static Own own(KeyFiles files) throws OriginationFailed {
        var chain = certificates(files.certificate());
        try {
            return new Own(Pem.key(text(files.key())), chain);
        } catch (IllegalArgumentException wrong) {
            throw failed(
                    files.key(), wrong.getMessage() + "; `openssl pkcs8 -topk8 -nodes -in OLD -out NEW` writes one");
        }
    }

    /** @param file empty for what the system trusts */
    static Set<TrustAnchor> roots(Optional<String> file) throws OriginationFailed {
        var trusted = file.isPresent() ? certificates(file.get()) : systemRoots();
        var anchors = new HashSet<TrustAnchor>();
        trusted.forEach(root -> anchors.add(new TrustAnchor(root, null)));
        return anchors;
    }

    /** SSL_CERT_FILE as OpenSSL reads it, the system's own file, and where there is none what came with Java. */
    private static List<X509Certificate> systemRoots() throws OriginationFailed {
        var set = Stream.ofNullable(System.getenv("SSL_CERT_FILE")).filter(name -> !name.isEmpty());
        var file = Stream.concat(set, SYSTEM.stream().filter(name -> Files.isReadable(Path.of(name))))
                .findFirst();
        return file.isPresent() ? certificates(file.get()) : ofJava();
    }

    private static List<X509Certificate> ofJava() throws OriginationFailed {
        try {
            var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init((KeyStore) null);
            return Stream.of(factory.getTrustManagers())
                    .filter(X509TrustManager.class::isInstance)
                    .flatMap(each -> Stream.of(((X509TrustManager) each).getAcceptedIssuers()))
                    .toList();
        } catch (GeneralSecurityException none) {
            throw failed("the system's trusted roots", String.valueOf(none.getMessage()));
        }
    }

    private static List<X509Certificate> certificates(String file) throws OriginationFailed {
        try {
            return Pem.certificates(text(file));
        } catch (IllegalArgumentException wrong) {
            throw failed(file, String.valueOf(wrong.getMessage()));
        }
    }

    static Revocations revocations(String file) throws OriginationFailed {
        try {
            var lists = new ArrayList<X509CRL>();
            var bytes = new ByteArrayInputStream(Files.readAllBytes(Path.of(file)));
            for (var one : CertificateFactory.getInstance("X.509").generateCRLs(bytes)) {
                if (one instanceof X509CRL list) lists.add(list);
            }
            return new Revocations(lists);
        } catch (IOException | InvalidPathException | CRLException | CertificateException wrong) {
            throw failed(file, "no revocation list can be read");
        }
    }

    private static String text(String file) throws OriginationFailed {
        try {
            return Files.readString(Path.of(file));
        } catch (IOException | InvalidPathException unreadable) {
            throw failed(file, "it cannot be read on this sidecar's host");
        }
    }

    private static OriginationFailed failed(String file, String why) {
        return new OriginationFailed(Reason.TLS_FILES, file + ": " + why);
    }

    /** How a file looks now, so that a change of it is noticed; empty while it is not there. */
    static Optional<Stamp> stamp(String file) {
        try {
            var path = Path.of(file);
            return Optional.of(new Stamp(file, Files.getLastModifiedTime(path).toMillis(), Files.size(path)));
        } catch (IOException | InvalidPathException absent) {
            return Optional.empty();
        }
    }

    record Stamp(String file, long modified, long size) {}
}
