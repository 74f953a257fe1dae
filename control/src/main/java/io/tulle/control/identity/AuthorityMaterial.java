package io.tulle.control.identity;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.tulle.model.Problem;
import io.tulle.xds.CertificatePath;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A key that may sign, the certificate that says so, and the way from there to a root. Whatever is read is checked here
 * once: an unfit authority stops the control plane with a reason rather than every handshake without one.
 *
 * @param root the one root above the issuer; the issuer itself where it is a root
 * @param intermediates from the issuer upward, without the root
 */
record AuthorityMaterial(
        PrivateKey key,
        X509Certificate issuer,
        List<X509Certificate> intermediates,
        X509Certificate root,
        List<X509Certificate> roots) {

    static AuthorityMaterial read(AuthorityFiles files, String trustDomain, Instant now) {
        var issuer = certificates(files, AuthorityFiles.CERTIFICATE).getFirst();
        var key = key(files);
        var roots = certificates(files, AuthorityFiles.ROOTS);
        var above = files.has(AuthorityFiles.CHAIN)
                ? certificates(files, AuthorityFiles.CHAIN)
                : List.<X509Certificate>of();
        var intermediates = Stream.concat(Stream.of(issuer), above.stream())
                .distinct()
                .filter(certificate -> !roots.contains(certificate))
                .toList();
        requireAuthority(issuer, key, trustDomain);
        Stream.of(List.of(issuer), intermediates).flatMap(List::stream).forEach(c -> requireValid(c, now));
        var root = intermediates.isEmpty() ? issuer : rootAbove(intermediates, roots, now);
        requireValid(root, now);
        return new AuthorityMaterial(key, issuer, intermediates, root, roots);
    }

    /** The end of the first life to end on the way up. */
    Instant notAfter() {
        return all().map(c -> c.getNotAfter().toInstant())
                .min(Instant::compareTo)
                .orElseThrow();
    }

    boolean isValidAt(Instant now) {
        return all().noneMatch(c -> now.isBefore(c.getNotBefore().toInstant())
                || now.isAfter(c.getNotAfter().toInstant()));
    }

    private Stream<X509Certificate> all() {
        var all = new ArrayList<>(intermediates);
        all.add(root);
        return all.stream();
    }

    private static void requireAuthority(X509Certificate issuer, PrivateKey key, String trustDomain) {
        var usage = issuer.getKeyUsage();
        if (issuer.getBasicConstraints() < 0) throw unfit("ca-cert.pem is no CA (basicConstraints)");
        if (usage == null || !usage[5]) throw unfit("ca-cert.pem may not sign certificates (keyUsage)");
        var kind = KeyKind.of(issuer.getPublicKey());
        if (kind.isEmpty()) throw unfit("ca-cert.pem has a key of a kind that the mesh does not accept");
        if (!belongs(key, issuer, kind.get())) throw unfit("ca-key.pem is not the key of ca-cert.pem");
        var names = SubjectNames.of(issuer);
        for (var uri : names.uris()) {
            if (!uri.equalsIgnoreCase("spiffe://" + trustDomain)) {
                throw unfit("ca-cert.pem is an authority of " + uri + ", not of spiffe://" + trustDomain);
            }
        }
    }

    private static boolean belongs(PrivateKey key, X509Certificate issuer, KeyKind kind) {
        try {
            var probe = "tulle".getBytes(US_ASCII);
            var signer = Signature.getInstance(kind.signature());
            signer.initSign(key);
            signer.update(probe);
            var signature = signer.sign();
            signer.initVerify(issuer.getPublicKey());
            signer.update(probe);
            return signer.verify(signature);
        } catch (GeneralSecurityException _) {
            return false;
        }
    }

    private static X509Certificate rootAbove(List<X509Certificate> path, List<X509Certificate> roots, Instant now) {
        try {
            return CertificatePath.anchorOf(path, roots, now);
        } catch (GeneralSecurityException e) {
            throw new IdentityException(problem("ca-cert.pem does not lead to a root in root-cert.pem"), e);
        }
    }

    private static void requireValid(X509Certificate certificate, Instant now) {
        if (now.isBefore(certificate.getNotBefore().toInstant())
                || now.isAfter(certificate.getNotAfter().toInstant())) {
            throw new IdentityException(
                    IdentityCode.AUTHORITY_EXPIRED.problem("the authority's certificate is valid from "
                            + certificate.getNotBefore().toInstant() + " to "
                            + certificate.getNotAfter().toInstant() + ", and it is " + now));
        }
    }

    private static List<X509Certificate> certificates(AuthorityFiles files, String name) {
        try {
            return Pem.certificates(files.read(name));
        } catch (GeneralSecurityException e) {
            throw new IdentityException(IdentityCode.AUTHORITY_UNREADABLE.problem(name + " holds no certificate"), e);
        }
    }

    private static PrivateKey key(AuthorityFiles files) {
        try {
            return Pem.privateKey(files.read(AuthorityFiles.KEY));
        } catch (GeneralSecurityException | IOException | RuntimeException e) {
            if (e instanceof IdentityException ours) throw ours;
            // The cause stays out: a parser's message could quote what it read of the key.
            throw new IdentityException(
                    IdentityCode.AUTHORITY_UNREADABLE.problem("ca-key.pem holds no unencrypted private key"));
        }
    }

    private static IdentityException unfit(String message) {
        return new IdentityException(problem(message));
    }

    private static Problem problem(String message) {
        return IdentityCode.AUTHORITY_UNFIT.problem(message);
    }

    /** Without the key, so that a log cannot spill it. */
    @Override
    public String toString() {
        return "authority " + issuer.getSubjectX500Principal();
    }
}
