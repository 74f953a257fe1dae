package io.tulle.control;

import com.linecorp.armeria.common.TlsKeyPair;
import io.tulle.control.identity.CertificateAuthority;
import io.tulle.control.identity.OwnLeaf;
import io.tulle.model.SpiffeId;
import io.tulle.xds.server.EdgeTls;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/** The control plane's own certificate, from its own authority; a new one at half its life, when a handshake asks. */
final class OwnIdentity implements EdgeTls {
    private static final String NAME = "control";

    private final CertificateAuthority authority;
    private final SpiffeId id;
    private final Clock clock;
    private OwnLeaf leaf; // guarded by this

    OwnIdentity(CertificateAuthority authority, String namespace, Clock clock) {
        this.authority = authority;
        this.id = SpiffeId.of(authority.trustDomain(), namespace, NAME);
        this.clock = clock;
        this.leaf = authority.issueOwn(id, NAME);
    }

    @Override
    public Credentials credentials() {
        var now = current();
        return new Credentials(now.key(), now.chain());
    }

    @Override
    public List<X509Certificate> roots() {
        return authority.roots();
    }

    TlsKeyPair keyPair() {
        var now = current();
        return TlsKeyPair.of(now.key(), now.chain());
    }

    private synchronized OwnLeaf current() {
        var left = Duration.between(clock.instant(), leaf.notAfter());
        if (left.compareTo(authority.leafLife().dividedBy(2)) < 0) leaf = authority.issueOwn(id, NAME);
        return leaf;
    }
}
