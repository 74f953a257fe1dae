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
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

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
        assertEquals(CART, verifier.verify(chain, SpiffeVerifier.Use.SERVER).id());
        assertEquals(
                CART, verifier.verify(chain.clone(), SpiffeVerifier.Use.SERVER).id());
    }

    @Test
    void aLeafThatWasProvedExpiresLikeAnother() throws Exception {
        now = now.plus(Duration.ofHours(1));
        refused();
        now = now.minus(Duration.ofHours(2));
        refused();
        now = now.plus(Duration.ofHours(1));
        verifier.verify(chain, SpiffeVerifier.Use.SERVER);
    }

    @Test
    void aRootThatGoesTakesWhatItProvedWithIt() throws Exception {
        trust.set(trusting(TestPki.create()));
        refused();
        trust.set(Trust.NONE);
        refused();
        trust.set(trusting(pki));
        verifier.verify(chain, SpiffeVerifier.Use.SERVER);
    }

    @Test
    void anotherLeafOfTheSameIdentityIsProvedForItself() {
        var forged =
                new X509Certificate[] {TestPki.create().leaf(CART, "cart-1").certificate()};
        assertThrows(CertificateException.class, () -> verifier.verify(forged, SpiffeVerifier.Use.SERVER));
    }

    private void refused() {
        assertThrows(CertificateException.class, () -> verifier.verify(chain, SpiffeVerifier.Use.SERVER));
    }

    private static Trust trusting(TestPki pki) {
        return new Trust(Map.of("tulle", List.of(pki.root())));
    }
}
