package io.tulle.control.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tulle.model.JoinToken;
import io.tulle.model.SpiffeId;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JoinDeskTest {
    private static final long OWN_USER = 1000;
    private static final SpiffeId CART = SpiffeId.of("tulle", "shop", "cart");

    @TempDir
    Path home;

    private final ManualTime time = new ManualTime();
    private final Map<String, SpiffeId> held = new HashMap<>();
    private CertificateAuthority authority;
    private JoinTokens tokens;
    private JoinDesk desk;

    @BeforeEach
    void open() {
        var random = new SecureRandom();
        authority = CertificateAuthority.open(AuthoritySettings.of(home.resolve("authority"), "tulle"), time, random);
        tokens = new JoinTokens(new MemoryTokens(), authority.rootDigest(), time, random);
        desk = new JoinDesk(
                authority,
                tokens,
                SvidVerifier.of(authority, time),
                instance -> Optional.ofNullable(held.get(instance)),
                OWN_USER);
    }

    @Test
    void aTokenForAnotherAccountIsNotUsedUp() {
        var token = token().text();
        var other = desk.byToken(token, new LocalJoin("shop", "web", "cart-1"), Forge.pem());
        assertEquals("TUL1524", code(other));
        assertEquals(
                "join as it says: --namespace shop --account cart",
                other.refusal().orElseThrow().fix());
        assertEquals("", code(desk.byToken(token, new LocalJoin("shop", "cart", "cart-1"), Forge.pem())));
    }

    @Test
    void aTokenSetsTheIdentityWhateverTheRequestAsksFor() {
        var leaf = desk.byToken(token().text(), as("cart-1"), Forge.pem())
                .accepted()
                .orElseThrow();

        var peer =
                SvidVerifier.of(authority, time).verify(chain(leaf)).accepted().orElseThrow();
        assertEquals(new Svid(CART, Optional.of("cart-1"), time.instant().plus(Duration.ofHours(24))), peer);
        assertEquals(authority.trustPem(), leaf.trustPem());
    }

    /** Which rights an identity has is signed as the identity is, and a renewal gives neither more nor less. */
    @Test
    void whatATokenCoversIsInTheLeafAndStaysInItsRenewals() {
        var claims = new Claims.Bound(
                new TreeSet<>(List.of("catalog", "ledger")), new TreeMap<>(Map.of("app", "cart", "a/b", "x_1.2")));
        var token = tokens.issue(new TokenTerms("shop", "cart", 1, Duration.ofHours(1), claims))
                .accepted()
                .orElseThrow();

        var leaf =
                desk.byToken(token.text(), as("cart-1"), Forge.pem()).accepted().orElseThrow();
        var renewed = desk.renew(chain(leaf), "cart-1", Forge.pem()).accepted().orElseThrow();

        for (var each : List.of(leaf, renewed)) {
            var peer = SvidVerifier.of(authority, time)
                    .verify(chain(each))
                    .accepted()
                    .orElseThrow();
            assertEquals(claims, peer.claims());
        }
    }

    @Test
    void theLocalUsersWorkloadsMayClaimAnything() {
        var leaf = desk.byUnixPeer(OWN_USER, new LocalJoin("shop", "cart", "cart-1"), Forge.pem())
                .accepted()
                .orElseThrow();

        var peer =
                SvidVerifier.of(authority, time).verify(chain(leaf)).accepted().orElseThrow();
        assertEquals(Claims.ANY, peer.claims());
    }

    @Test
    void aTokenOfOneUseAdmitsOnce() {
        var token = token().text();

        assertEquals("", code(desk.byToken(token, as("cart-1"), Forge.pem())));
        assertEquals("TUL1522", code(desk.byToken(token, as("cart-2"), Forge.pem())));
    }

    @Test
    void aBadRequestTakesNoUse() {
        var token = token().text();
        held.put("vault-1", SpiffeId.of("tulle", "bank", "vault"));

        assertEquals("TUL1510", code(desk.byToken(token, as("cart-1"), "no request")));
        assertEquals("TUL1531", code(desk.byToken(token, as("Cart_1"), Forge.pem())));
        assertEquals("TUL1532", code(desk.byToken(token, as("vault-1"), Forge.pem())));
        assertEquals("", code(desk.byToken(token, as("cart-1"), Forge.pem())));
    }

    @Test
    void whoHasNoTokenLearnsNothingOfItsRequest() {
        held.put("vault-1", SpiffeId.of("tulle", "bank", "vault"));

        assertEquals("TUL1520", code(desk.byToken("tulle1.x", as("vault-1"), "no request")));
    }

    @Test
    void theControlPlanesOwnUserAndRootJoinByTheUnixSocket() {
        var join = new LocalJoin("shop", "cart", "cart-1");

        assertEquals(
                CART,
                desk.byUnixPeer(OWN_USER, join, Forge.pem())
                        .accepted()
                        .orElseThrow()
                        .id());
        assertEquals(
                CART,
                desk.byUnixPeer(0, join, Forge.pem()).accepted().orElseThrow().id());
    }

    @Test
    void nobodyElseJoinsByTheUnixSocket() {
        var join = new LocalJoin("shop", "cart", "cart-1");

        for (var user : new long[] {1001, 65534, -1, Long.MAX_VALUE, 1L << 32}) {
            assertEquals("TUL1530", code(desk.byUnixPeer(user, join, Forge.pem())), "uid " + user);
            assertEquals("", code(desk.byUnixPeer(OWN_USER, join, Forge.pem())));
        }
    }

    @Test
    void refusesNamesThatCouldForgeAnIdentity() {
        var bad = List.of(
                new LocalJoin("shop/sa/admin", "cart", "cart-1"),
                new LocalJoin("..", "cart", "cart-1"),
                new LocalJoin("", "cart", "cart-1"),
                new LocalJoin("shop", "cart/../vault", "cart-1"),
                new LocalJoin("shop", "cart.", "cart-1"),
                new LocalJoin("shop", "c\u0430rt", "cart-1"),
                new LocalJoin("shop", "cart", "cart-1.shop.tulle"),
                new LocalJoin("shop", "cart", "*"),
                new LocalJoin("shop", "cart", "cart-1\nlevel=INFO"),
                new LocalJoin("shop", "cart", ""));

        for (var join : bad) assertEquals("TUL1531", code(desk.byUnixPeer(OWN_USER, join, Forge.pem())), join + "");
    }

    @Test
    void aLeafRenewsItselfForItsOwnInstance() {
        var first = desk.byToken(token().text(), as("cart-1"), Forge.pem())
                .accepted()
                .orElseThrow();
        time.pass(Duration.ofHours(12));

        var second = desk.renew(chain(first), "cart-1", Forge.pem()).accepted().orElseThrow();

        assertEquals(first.id(), second.id());
        assertEquals(first.notAfter().plus(Duration.ofHours(12)), second.notAfter());
        assertEquals("TUL1533", code(desk.renew(chain(first), "cart-2", Forge.pem())));
    }

    @Test
    void anExpiredLeafRenewsNothing() {
        var leaf = desk.byToken(token().text(), as("cart-1"), Forge.pem())
                .accepted()
                .orElseThrow();
        time.jump(Duration.ofHours(24).plusSeconds(1));

        assertEquals("TUL1542", code(desk.renew(chain(leaf), "cart-1", Forge.pem())));
    }

    @Test
    void aLeafOfAnotherMeshRenewsNothing() {
        var settings = AuthoritySettings.of(home.resolve("other"), "tulle");
        var other = CertificateAuthority.open(settings, time, new SecureRandom());
        var leaf = CertificateAuthorityTest.issue(other);

        assertEquals("TUL1541", code(desk.renew(chain(leaf), "cart-1", Forge.pem())));
        assertEquals("TUL1540", code(desk.renew(other.roots(), "cart-1", Forge.pem())));
    }

    @Test
    void aRenewalGoesThroughWhileTheInstanceHoldsItsOwnId() {
        var leaf = desk.byToken(token().text(), as("cart-1"), Forge.pem())
                .accepted()
                .orElseThrow();
        held.put("cart-1", CART);
        assertEquals("", code(desk.renew(chain(leaf), "cart-1", Forge.pem())));

        held.put("cart-1", SpiffeId.of("tulle", "shop", "catalog"));
        assertEquals("TUL1532", code(desk.renew(chain(leaf), "cart-1", Forge.pem())));
    }

    @Test
    void anExpiredAuthoritySaysSoAndTakesNoUse() {
        time.jump(Duration.ofDays(3651));
        var token = token().text();

        assertEquals("TUL1504", code(desk.byToken(token, as("cart-1"), Forge.pem())));
        assertTrue(tokens.look(token).accepted().isPresent());
    }

    private JoinToken token() {
        return tokens.issue(new TokenTerms("shop", "cart", 1, Duration.ofHours(1)))
                .accepted()
                .orElseThrow();
    }

    private static List<X509Certificate> chain(IssuedLeaf leaf) {
        return CertificateAuthorityTest.chain(leaf);
    }

    private static LocalJoin as(String instance) {
        return new LocalJoin("", "", instance);
    }

    private static String code(Checked<?> outcome) {
        return outcome.refusal().map(p -> p.code()).orElse("");
    }
}
