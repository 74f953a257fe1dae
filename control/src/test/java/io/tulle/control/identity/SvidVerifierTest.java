package io.tulle.control.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tulle.control.identity.Forge.Draft;
import io.tulle.control.identity.Forge.Signer;
import io.tulle.model.SpiffeId;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Rules of X.509-SVID, sections 2 to 5, one by one; the JDK's parser already refuses NUL and line ends in SANs. */
class SvidVerifierTest {
    private static final ManualTime TIME = new ManualTime();
    private static final Instant NOW = ManualTime.BEGINNING;
    private static final KeyPair KEYS = Forge.ec("secp256r1");
    private static final Signer ROOT = Forge.rootDraft(NOW).bySelf(Forge.ec("secp256r1"));
    private static final SvidVerifier VERIFIER = new SvidVerifier("tulle", List.of(ROOT.certificate()), TIME);
    private static final String CART = "spiffe://tulle/ns/shop/sa/cart";

    @ParameterizedTest(name = "{0}")
    @MethodSource("hostile")
    void refusesWhatIsNoSvidOfThisMesh(String name, IdentityCode expected, List<X509Certificate> chain) {
        var outcome = VERIFIER.verify(chain);

        assertEquals(Optional.of(expected.code()), outcome.refusal().map(p -> p.code()), name);
        assertEquals(
                Optional.empty(),
                VERIFIER.verify(List.of(good().by(ROOT, KEYS))).refusal(),
                "a good one after it");
    }

    @Test
    void knowsAPeerByItsLeaf() {
        var leaf = good().by(ROOT, KEYS);

        var peer = VERIFIER.verify(List.of(leaf)).accepted().orElseThrow();

        assertEquals(
                new Svid(SpiffeId.of("tulle", "shop", "cart"), Optional.of("cart-1"), NOW.plusSeconds(3600)), peer);
    }

    @Test
    void acceptsAChainWithIntermediateAndRoot() {
        var middle = intermediate(Forge.uri("SPIFFE://TULLE"));
        var leaf = good().by(middle, KEYS);

        assertEquals(
                Optional.empty(),
                VERIFIER.verify(List.of(leaf, middle.certificate())).refusal());
        assertEquals(
                Optional.empty(),
                VERIFIER.verify(List.of(leaf, middle.certificate(), ROOT.certificate()))
                        .refusal());
    }

    @Test
    void namesNoInstanceWhereALeafHasSeveralOrNone() {
        var two = draft().names(true, Forge.uri(CART), Forge.dns("a"), Forge.dns("b"))
                .by(ROOT, KEYS);
        var none = draft().names(true, Forge.uri(CART)).by(ROOT, KEYS);

        var host = draft().names(true, Forge.uri(CART), Forge.dns("cart-1.evil.example"))
                .by(ROOT, KEYS);
        for (var leaf : List.of(two, none, host)) {
            assertEquals(
                    Optional.empty(),
                    VERIFIER.verify(List.of(leaf)).accepted().orElseThrow().instance());
        }
    }

    static Stream<Arguments> hostile() {
        var otherRoot = Forge.rootDraft(NOW).bySelf(Forge.ec("secp256r1"));
        var workload = Forge.ec("secp256r1");
        var asIssuer = new Signer(good().subject("CN=cart").by(ROOT, workload), workload);
        var pathed = intermediate(Forge.uri("spiffe://tulle/ns/shop/sa/cart"));
        var foreign = intermediate(Forge.uri("spiffe://elsewhere"));
        var middle = intermediate(Forge.uri("spiffe://tulle"));
        var unfit = Stream.of(
                        row("no URI", draft().names(true, Forge.dns("cart-1"))),
                        row(
                                "two URIs",
                                draft().names(true, Forge.uri(CART), Forge.uri("spiffe://tulle/ns/bank/sa/vault"))),
                        row("twice the same URI", draft().names(true, Forge.uri(CART), Forge.uri(CART))),
                        row("an https URI", draft().names(true, Forge.uri("https://tulle/ns/shop/sa/cart"))),
                        row(
                                "a DNS name that looks like an id",
                                draft().names(true, Forge.dns("spiffe.tulle.ns.shop.sa.cart"))),
                        row("no path", draft().names(true, Forge.uri("spiffe://tulle"))),
                        row("the root path", draft().names(true, Forge.uri("spiffe://tulle/"))),
                        row("a dot segment", draft().names(true, Forge.uri("spiffe://tulle/ns/../sa/cart"))),
                        row("percent-encoding", draft().names(true, Forge.uri("spiffe://tulle/ns/shop/sa/c%61rt"))),
                        row("a port", draft().names(true, Forge.uri("spiffe://tulle:80/ns/shop/sa/cart"))),
                        row("a query", draft().names(true, Forge.uri(CART + "?a=b"))),
                        row("a user", draft().names(true, Forge.uri("spiffe://a@tulle/ns/shop/sa/cart"))),
                        row("a fragment", draft().names(true, Forge.uri(CART + "#x"))),
                        row("an authority", good().authority()),
                        row("no keyUsage", new Draft(NOW).names(true, Forge.uri(CART))),
                        row(
                                "keyUsage not critical",
                                new Draft(NOW)
                                        .usage(false, KeyUsage.digitalSignature)
                                        .names(true, Forge.uri(CART))),
                        row(
                                "no digitalSignature",
                                new Draft(NOW)
                                        .usage(true, KeyUsage.keyAgreement)
                                        .names(true, Forge.uri(CART))),
                        row(
                                "keyCertSign",
                                new Draft(NOW)
                                        .usage(true, KeyUsage.digitalSignature | KeyUsage.keyCertSign)
                                        .names(true, Forge.uri(CART))),
                        row(
                                "cRLSign",
                                new Draft(NOW)
                                        .usage(true, KeyUsage.digitalSignature | KeyUsage.cRLSign)
                                        .names(true, Forge.uri(CART))),
                        row("server only (CVE-2022-21657)", good().purposes(KeyPurposeId.id_kp_serverAuth)),
                        row("for mail", good().purposes(KeyPurposeId.id_kp_emailProtection)))
                .map(row -> Arguments.of(
                        row.name(), IdentityCode.SVID_UNFIT, List.of(row.draft().by(ROOT, KEYS))));
        var others = Stream.of(
                Arguments.of("nothing", IdentityCode.SVID_UNFIT, List.of()),
                Arguments.of(
                        "100 certificates", IdentityCode.SVID_UNFIT, Collections.nCopies(100, good().by(ROOT, KEYS))),
                Arguments.of("the root itself", IdentityCode.SVID_UNFIT, List.of(ROOT.certificate())),
                Arguments.of(
                        "expired",
                        IdentityCode.SVID_EXPIRED,
                        List.of(good().to(NOW.minusSeconds(1)).by(ROOT, KEYS))),
                Arguments.of(
                        "not valid yet",
                        IdentityCode.SVID_EXPIRED,
                        List.of(good().from(NOW.plusSeconds(1)).by(ROOT, KEYS))),
                Arguments.of(
                        "of another trust domain",
                        IdentityCode.SVID_FOREIGN,
                        List.of(draft().names(true, Forge.uri("spiffe://tulle.evil/ns/shop/sa/cart"))
                                .by(ROOT, KEYS))),
                Arguments.of(
                        "by another root of the same name",
                        IdentityCode.SVID_UNTRUSTED,
                        chain(good().by(otherRoot, KEYS), otherRoot)),
                Arguments.of(
                        "signed by itself",
                        IdentityCode.SVID_UNTRUSTED,
                        List.of(good().subject("CN=x").bySelf(KEYS).certificate())),
                Arguments.of(
                        "signed by a workload",
                        IdentityCode.SVID_UNTRUSTED,
                        chain(good().by(asIssuer, KEYS), asIssuer)),
                Arguments.of("without its intermediate", IdentityCode.SVID_UNTRUSTED, List.of(good().by(middle, KEYS))),
                Arguments.of(
                        "an intermediate with a workload's path",
                        IdentityCode.SVID_UNTRUSTED,
                        chain(good().by(pathed, KEYS), pathed)),
                Arguments.of(
                        "an intermediate of another trust domain",
                        IdentityCode.SVID_UNTRUSTED,
                        chain(good().by(foreign, KEYS), foreign)),
                Arguments.of(
                        "in the wrong order",
                        IdentityCode.SVID_UNFIT,
                        List.of(middle.certificate(), good().by(middle, KEYS))));
        return Stream.concat(unfit, others);
    }

    private record Row(String name, Draft draft) {}

    private static Row row(String name, Draft draft) {
        return new Row(name, draft);
    }

    private static Draft draft() {
        return new Draft(NOW).usage(true, KeyUsage.digitalSignature);
    }

    private static Draft good() {
        return draft().names(true, Forge.uri(CART), Forge.dns("cart-1"));
    }

    private static Signer intermediate(GeneralName name) {
        var keys = Forge.ec("secp256r1");
        var draft = new Draft(NOW)
                .subject("CN=middle")
                .authority()
                .usage(true, KeyUsage.keyCertSign)
                .names(false, name);
        return new Signer(draft.by(ROOT, keys), keys);
    }

    private static List<X509Certificate> chain(X509Certificate leaf, Signer... above) {
        return Stream.concat(Stream.of(leaf), Arrays.stream(above).map(Signer::certificate))
                .toList();
    }
}
