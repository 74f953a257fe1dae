package io.tulle.control.identity;

import io.tulle.control.identity.Certificates.Issuer;
import io.tulle.control.identity.Certificates.Life;
import io.tulle.model.Problem;
import io.tulle.model.SpiffeId;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Signs the leaves of one trust domain. On its first start it makes an ECDSA P-256 root (10 years) in a directory of its
 * own; afterwards, or where an operator put an authority there, it uses what it finds. Safe for use by many threads.
 */
public final class CertificateAuthority {
    private final AuthoritySettings settings;
    private final Clock clock;
    private final Certificates certificates;
    private final AuthorityMaterial material;

    private CertificateAuthority(
            AuthoritySettings settings, Clock clock, Certificates certificates, AuthorityMaterial material) {
        this.settings = settings;
        this.clock = clock;
        this.certificates = certificates;
        this.material = material;
    }

    /** Opens or makes the authority; throws {@link IdentityException} where it cannot be trusted or used. */
    public static CertificateAuthority open(AuthoritySettings settings, Clock clock, SecureRandom random) {
        var files = new AuthorityFiles(settings.directory());
        var certificates = new Certificates(random);
        if (files.areMissing()) {
            var keys = certificates.p256();
            var root = Pem.of(certificates.root(keys, settings.trustDomain(), clock.instant()));
            files.create(Map.of(
                    AuthorityFiles.CERTIFICATE, root,
                    AuthorityFiles.ROOTS, root,
                    AuthorityFiles.KEY, Pem.of(keys.getPrivate())));
        }
        var material = AuthorityMaterial.read(files, settings.trustDomain(), clock.instant());
        return new CertificateAuthority(settings, clock, certificates, material);
    }

    public String trustDomain() {
        return settings.trustDomain();
    }

    public Duration leafLife() {
        return settings.leafLife();
    }

    /** Every root that peers trust: more than one while a root is being replaced. */
    public List<X509Certificate> roots() {
        return material.roots();
    }

    /** The roots as PEM, for peers and {@code TrustSpec}. */
    public String trustPem() {
        return Pem.of(material.roots());
    }

    /** SHA-256 of the DER of the root above the issuer, as lowercase hex: what tokens bind and joiners pin. */
    public String rootDigest() {
        return Pem.digest(material.root());
    }

    /** Why no leaf can be signed now, if so. */
    public Optional<Problem> complaint() {
        return material.isValidAt(clock.instant())
                ? Optional.empty()
                : Optional.of(IdentityCode.AUTHORITY_EXPIRED.problem());
    }

    /** Signs a leaf with the identity that the caller decided upon; see {@link #complaint}. */
    IssuedLeaf issue(SigningRequest request, SpiffeId id, String instance, Claims claims) {
        var leaf = sign(request.key(), id, instance, claims);
        var chain = new ArrayList<X509Certificate>();
        chain.add(leaf);
        chain.addAll(material.intermediates());
        return new IssuedLeaf(
                id,
                instance,
                Pem.of(chain),
                trustPem(),
                leaf.getNotBefore().toInstant(),
                leaf.getNotAfter().toInstant());
    }

    /** A key and leaf for the control plane itself, held in memory only; to be asked for anew at half of its life. */
    public OwnLeaf issueOwn(SpiffeId id, String name) {
        var keys = certificates.p256();
        var leaf = sign(keys.getPublic(), id, name, Claims.OWN);
        var chain = new ArrayList<X509Certificate>();
        chain.add(leaf);
        chain.addAll(material.intermediates());
        chain.add(material.root());
        return new OwnLeaf(keys.getPrivate(), chain, leaf.getNotAfter().toInstant());
    }

    private X509Certificate sign(PublicKey key, SpiffeId id, String instance, Claims claims) {
        complaint().ifPresent(problem -> {
            throw new IdentityException(problem);
        });
        if (!id.trustDomain().equals(settings.trustDomain()) || id.path().isEmpty()) {
            throw new IllegalArgumentException("no workload of " + settings.trustDomain() + ": " + id);
        }
        var now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        var end = earlier(now.plus(settings.leafLife()), material.notAfter());
        var life = new Life(now.minus(Certificates.EARLY), end);
        return certificates.leaf(new Issuer(material.key(), material.issuer()), key, id, instance, claims, life);
    }

    /** A leaf that outlived its issuer would fail at its peers without a word of warning here. */
    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }
}
