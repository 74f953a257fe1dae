package io.tulle.proxy.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tulle.model.SpiffeId;
import io.tulle.testkit.TestPki;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A chain that was proved once is judged by the trust and the time of each handshake all the same. */
class SpiffeVerifierTest {
    private static final SpiffeId CART = SpiffeId.of("tulle", "shop", "cart");

    private final TestPki pki = TestPki.create();
    private final X509Certificate[] chain = {pki.leaf(CART, "cart-1").certificate()};
    private final AtomicReference<Trust> trust = new AtomicReference<>(trusting(pki));
    private Instant now = Instant.now();
    private SpiffeVerifier verifier;

    @BeforeEach
    void proveOnce() throws CertificateException {
        verifier = new SpiffeVerifier(trust::get, new Clock() {
            @Override
            public Instant instant() {
                return now;
            }

            @Override
            public ZoneOffset getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(java.time.ZoneId zone) {
                return this;
            }
        });
        assertEquals(CART, verifier.verify(chain).id());
        assertEquals(CART, verifier.verify(chain.clone()).id());
    }

    @Test
    void aLeafThatWasProvedExpiresLikeAnother() throws Exception {
        now = now.plus(Duration.ofHours(1));
        refused();
        now = now.minus(Duration.ofHours(2));
        refused();
        now = now.plus(Duration.ofHours(1));
        verifier.verify(chain);
    }

    @Test
    void aRootThatGoesTakesWhatItProvedWithIt() throws Exception {
        trust.set(trusting(TestPki.create()));
        refused();
        trust.set(Trust.NONE);
        refused();
        trust.set(trusting(pki));
        verifier.verify(chain);
    }

    @Test
    void anotherLeafOfTheSameIdentityIsProvedForItself() {
        var forged =
                new X509Certificate[] {TestPki.create().leaf(CART, "cart-1").certificate()};
        assertThrows(CertificateException.class, () -> verifier.verify(forged));
    }

    private void refused() {
        assertThrows(CertificateException.class, () -> verifier.verify(chain));
    }

    private static Trust trusting(TestPki pki) {
        return new Trust(Map.of("tulle", List.of(pki.root())));
    }

    /** What the control plane refuses, a proxy refuses: both ask the same rules. */
    @ParameterizedTest
    @EnumSource(names = {"LAX_USAGE", "CLIENT_ONLY", "WRONG_USE", "SIGNS", "AUTHORITY"})
    void aLeafThatIsNoWorkloadsIsRefused(TestPki.Shape shape) {
        var leaf = pki.leaf(List.of(CART.uri()), List.of("cart-1"), shape).certificate();
        assertThrows(CertificateException.class, () -> verifier.verify(new X509Certificate[] {leaf}));
    }

    @Test
    void anAuthorityWithTheNameOfAWorkloadProvesNobody() throws Exception {
        var named = pki.authority(SpiffeId.of("tulle", "shop", "vault").uri());
        var plain = pki.authority("spiffe://tulle");
        assertThrows(CertificateException.class, () -> verifier.verify(below(named)));
        assertEquals(CART, verifier.verify(below(plain)).id());
    }

    private static X509Certificate[] below(TestPki authority) {
        return new X509Certificate[] {authority.leaf(CART, "cart-1").certificate(), authority.root()};
    }

    @Test
    void aChainIsNoLongerThanItNeedsToBe() {
        var long200 = new X509Certificate[200];
        Arrays.fill(long200, pki.root());
        long200[0] = chain[0];
        assertThrows(CertificateException.class, () -> verifier.verify(long200));
    }
}
