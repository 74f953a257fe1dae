package io.tulle.proxy.filter;

import static io.tulle.model.policy.Authorization.Action.ALLOW;
import static io.tulle.model.policy.Authorization.Action.DENY;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tulle.model.SpiffeId;
import io.tulle.model.match.PathMatch;
import io.tulle.model.match.TextMatch;
import io.tulle.model.policy.Authorization;
import io.tulle.model.policy.AuthorizationRule;
import io.tulle.model.policy.AuthorizationRule.Operation;
import io.tulle.model.policy.AuthorizationRule.Source;
import io.tulle.model.policy.Condition;
import io.tulle.proxy.route.Asked;
import io.tulle.proxy.route.RequestFacts;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AuthorizerTest {
    private static final AuthorizationRule ANYTHING = new AuthorizationRule(List.of(), List.of());
    private static final PeerFacts WEB = peer("web", "10.0.0.1", 4000);
    private static final PeerFacts NOBODY = PeerFacts.of(Optional.empty(), InetAddress.ofLiteral("192.0.2.1"), 4000);

    @Test
    void withoutPoliciesAllMayPass() {
        assertTrue(passes(Authorizer.OPEN, NOBODY, Asked.get("/")));
        assertTrue(Authorizer.OPEN.isOpen());
    }

    @Test
    void anAllowPolicyWithoutRulesAllowsNobody() {
        var authorizer = Authorizer.compile(List.of(new Authorization("shop/none", ALLOW, List.of())));
        assertRefused(authorizer.judgeRequest(WEB, Asked.get("/")), Reason.Kind.NOT_ALLOWED, "shop/none");
        assertRefused(authorizer.judgeConnection(WEB), Reason.Kind.NOT_ALLOWED, "shop/none");
    }

    @Test
    void aRuleWithoutConditionsMatchesEverybody() {
        assertTrue(passes(policy(ALLOW, ANYTHING), NOBODY, Asked.get("/")));
        assertRefused(
                policy(DENY, ANYTHING).judgeRequest(WEB, Asked.get("/")), Reason.Kind.DENIED, "shop/policy rule 1");
    }

    @Test
    void aDenyPolicyWithoutRulesDeniesNobody() {
        assertTrue(passes(policy(DENY), WEB, Asked.get("/")));
    }

    @Test
    void denyGoesBeforeAllowAndNamesItsRule() {
        var authorizer = Authorizer.compile(List.of(
                new Authorization("shop/open", ALLOW, List.of(ANYTHING)),
                new Authorization("shop/shut", DENY, List.of(paths("/never"), paths("/admin")))));
        assertTrue(passes(authorizer, WEB, Asked.get("/")));
        assertRefused(authorizer.judgeRequest(WEB, Asked.get("/admin")), Reason.Kind.DENIED, "shop/shut rule 2");
    }

    @Test
    void oneAllowRuleOfAnyPolicyIsEnough() {
        var authorizer = Authorizer.compile(List.of(
                new Authorization("shop/a", ALLOW, List.of(paths("/a"))),
                new Authorization("shop/b", ALLOW, List.of(paths("/b")))));
        assertTrue(passes(authorizer, WEB, Asked.get("/b")));
        assertRefused(
                authorizer.judgeRequest(WEB, Asked.get("/c")), Reason.Kind.NOT_ALLOWED, "no rule of shop/a, shop/b");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            principals      | tulle/ns/shop/sa/web   | web    | true
            principals      | tulle/ns/shop/sa/web   | cart   | false
            principals      | tulle/ns/shop/sa/web   | nobody | false
            principals      | tulle/ns/shop/*        | cart   | true
            principals      | */sa/web               | web    | true
            principals      | */sa/we                | web    | false
            principals      | *                      | web    | true
            principals      | *                      | nobody | false
            notPrincipals   | *                      | nobody | true
            notPrincipals   | *                      | web    | false
            notPrincipals   | tulle/ns/shop/sa/web   | cart   | true
            notPrincipals   | tulle/ns/shop/sa/web   | web    | false
            namespaces      | shop                   | web    | true
            namespaces      | bank                   | web    | false
            namespaces      | *                      | nobody | false
            notNamespaces   | shop                   | web    | false
            notNamespaces   | shop                   | nobody | true
            ipBlocks        | 10.0.0.0/8             | web    | true
            ipBlocks        | 10.0.0.0/8             | nobody | false
            notIpBlocks     | 10.0.0.0/8             | nobody | true
            notIpBlocks     | 10.0.0.0/8             | web    | false
            """)
    void knowsWhoAsks(String field, String written, String who, boolean matches) {
        var authorizer = policy(ALLOW, new AuthorizationRule(List.of(source(field, written)), List.of()));
        var peer = who.equals("nobody") ? NOBODY : peer(who, "10.0.0.1", 4000);
        assertEquals(matches, passes(authorizer, peer, Asked.get("/")));
        assertEquals(matches, authorizer.judgeConnection(peer) instanceof Verdict.Proceed);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            hosts      | shop.example   | shop.example      | GET  | /      | true
            hosts      | shop.example   | SHOP.example:8080 | GET  | /      | true
            hosts      | shop.example.  | shop.example      | GET  | /      | true
            hosts      | shop.example   | shop.example.     | GET  | /      | true
            hosts      | shop.example:1 | shop.example:1    | GET  | /      | true
            hosts      | shop.example:1 | shop.example:2    | GET  | /      | false
            hosts      | *.example      | Shop.Example:1    | GET  | /      | true
            hosts      | other.example  | shop.example      | GET  | /      | false
            notHosts   | shop.example   | SHOP.example:1    | GET  | /      | false
            methods    | GET            | a                 | GET  | /      | true
            methods    | GET            | a                 | get  | /      | false
            methods    | P*             | a                 | POST | /      | true
            notMethods | GET            | a                 | POST | /      | true
            notMethods | GET            | a                 | GET  | /      | false
            paths      | /a             | a                 | GET  | /a     | true
            paths      | /a             | a                 | GET  | /a?q   | true
            paths      | /a             | a                 | GET  | /a/    | false
            notPaths   | /a             | a                 | GET  | /a?q   | false
            notPaths   | /a             | a                 | GET  | /b     | true
            ports      | 4000           | a                 | GET  | /      | true
            ports      | 4001           | a                 | GET  | /      | false
            notPorts   | 4000           | a                 | GET  | /      | false
            notPorts   | 4001           | a                 | GET  | /      | true
            """)
    void knowsWhatIsAskedFor(
            String field, String written, String authority, String method, String target, boolean matches) {
        var rule = new AuthorizationRule(List.of(), List.of(operation(field, written)));
        var asked = Asked.of(method, target).at(authority);
        assertEquals(matches, passes(policy(ALLOW, rule), WEB, asked));
        assertEquals(!matches, passes(policy(DENY, rule), WEB, asked));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            header    | ada        |            | ada   | true
            header    | ada        |            | bob   | false
            header    | ada        |            |       | false
            header    | a*         | ada        | ada   | false
            header    | a*         | ada        | amy   | true
            header    | *          |            | empty | true
            header    | *          |            |       | false
            header    |            | *          |       | true
            header    |            | *          | empty | false
            principal | */sa/web   |            |       | true
            principal |            | */sa/web   |       | false
            namespace | bank       |            |       | false
            namespace |            | bank       |       | true
            source    | 10.0.0.0/8 |            |       | true
            source    | 10.0.0.0/8 | 10.0.0.1   |       | false
            target    | 10.9.0.0/16|            |       | true
            target    |            | 10.9.9.9   |       | false
            port      | 4000       |            |       | true
            port      |            | 4000       |       | false
            sni       | *.shop.tulle |          |       | true
            sni       | x          |            |       | false
            sni       |            | 4000.WEB.shop.tulle |  | false
            """)
    void judgesConditionsBesideSourcesAndOperations(
            String key, @Nullable String values, @Nullable String notValues, @Nullable String header, boolean matches) {
        var when = new AuthorizationRule(List.of(), List.of(), List.of(condition(key, values, notValues)));
        var peer = PeerFacts.of(
                WEB.identity(),
                WEB.address(),
                4000,
                InetAddress.ofLiteral("10.9.9.9"),
                Optional.of("4000.web.shop.tulle"));
        var asked = header == null ? Asked.get("/") : Asked.get("/").with("x-user", header.replace("empty", ""));
        assertEquals(matches, passes(policy(ALLOW, when), peer, asked));
        assertEquals(!matches, passes(policy(DENY, when), peer, asked));
    }

    @Test
    void aPlaintextConnectionHasNoServerName() {
        var any = new AuthorizationRule(List.of(), List.of(), List.of(condition("sni", "*", null)));
        var none = new AuthorizationRule(List.of(), List.of(), List.of(condition("sni", null, "*")));
        assertFalse(passes(policy(ALLOW, any), NOBODY, Asked.get("/")));
        assertTrue(passes(policy(ALLOW, none), NOBODY, Asked.get("/")));
    }

    @Test
    void aConditionOnAHeaderIsInDoubtOnAConnectionAndTheDoubtCountsAgainstTheCaller() {
        var rule = new AuthorizationRule(List.of(), List.of(), List.of(condition("header", "ada", null)));
        var not = new AuthorizationRule(List.of(), List.of(), List.of(condition("header", null, "ada")));
        for (var each : List.of(rule, not)) {
            assertRefused(policy(ALLOW, each).judgeConnection(WEB), Reason.Kind.NOT_ALLOWED, "no rule of shop/policy");
            assertRefused(policy(DENY, each).judgeConnection(WEB), Reason.Kind.DENIED, "shop/policy rule 1");
        }
    }

    private static Condition condition(String key, @Nullable String values, @Nullable String notValues) {
        var wanted = values == null ? List.<TextMatch>of() : List.of(TextMatch.ofWildcard(values));
        var unwanted = notValues == null ? List.<TextMatch>of() : List.of(TextMatch.ofWildcard(notValues));
        var blocks = values == null ? List.<String>of() : List.of(values);
        var notBlocks = notValues == null ? List.<String>of() : List.of(notValues);
        return switch (key) {
            case "header" -> new Condition.Header("X-User", wanted, unwanted);
            case "principal" -> new Condition.Identity(Condition.Part.PRINCIPAL, wanted, unwanted);
            case "namespace" -> new Condition.Identity(Condition.Part.NAMESPACE, wanted, unwanted);
            case "source" -> new Condition.Address(Condition.End.SOURCE, blocks, notBlocks);
            case "target" -> new Condition.Address(Condition.End.DESTINATION, blocks, notBlocks);
            case "port" ->
                new Condition.Port(
                        blocks.stream().map(Integer::valueOf).toList(),
                        notBlocks.stream().map(Integer::valueOf).toList());
            default -> new Condition.ServerName(wanted, unwanted);
        };
    }

    @Test
    void someSourceAndSomeOperationMustMatchTogether() {
        var rule = new AuthorizationRule(
                List.of(source("namespaces", "bank"), source("principals", "*/sa/web")),
                List.of(operation("paths", "/x"), operation("methods", "GET")));
        var authorizer = policy(ALLOW, rule);
        assertTrue(passes(authorizer, WEB, Asked.get("/y")));
        assertTrue(passes(authorizer, WEB, Asked.of("POST", "/x")));
        assertTrue(!passes(authorizer, WEB, Asked.of("POST", "/y")));
        assertTrue(!passes(authorizer, peer("cart", "10.0.0.1", 4000), Asked.get("/x")));
    }

    /** Istio's TCP rules: the unknown counts against the caller. */
    @Test
    void onAConnectionWhatOnlyARequestCanTellIsHeldAgainstTheCaller() {
        var getOn4000 = new AuthorizationRule(
                List.of(), List.of(both(operation("methods", "GET"), operation("ports", "4000"))));
        assertTrue(policy(ALLOW, getOn4000).judgeConnection(WEB) instanceof Verdict.Answer);
        assertTrue(policy(DENY, getOn4000).judgeConnection(WEB) instanceof Verdict.Answer);
        var elsewhere = peer("web", "10.0.0.1", 4001);
        assertTrue(policy(DENY, getOn4000).judgeConnection(elsewhere) instanceof Verdict.Proceed);
    }

    @Test
    void onAConnectionAnotherOperationOfTheSameRuleMayStillAllow() {
        var rule = new AuthorizationRule(List.of(), List.of(operation("methods", "GET"), operation("ports", "4000")));
        assertSame(Verdict.PROCEED, policy(ALLOW, rule).judgeConnection(WEB));
    }

    @Test
    void thePublishedDoorIsOpenedForAnonymousPeersOnItsPortAlone() {
        var door = new AuthorizationRule(List.of(source("notPrincipals", "*")), List.of(operation("ports", "3000")));
        var authorizer = policy(ALLOW, door);
        var atDoor = PeerFacts.of(Optional.empty(), InetAddress.ofLiteral("127.0.0.1"), 3000);
        assertTrue(passes(authorizer, atDoor, Asked.get("/")));
        assertTrue(!passes(authorizer, NOBODY, Asked.get("/")));
        assertTrue(!passes(authorizer, peer("web", "10.0.0.1", 3000), Asked.get("/")));
    }

    @Test
    void aBlockThatCannotBeReadIsNoSource() {
        var refused = assertThrows(IllegalArgumentException.class, () -> source("ipBlocks", "10.0.0/8"));
        assertEquals("not an IP address or range: '10.0.0/8'", refused.getMessage());
    }

    /** Which policy was written first never decides who may pass. */
    @Property(tries = 200)
    void theOrderOfPoliciesNeverMatters(@ForAll long seed) {
        var dice = new Random(seed);
        var policies = new ArrayList<Authorization>();
        for (int i = 0; i < 4; i++) {
            var rule = new AuthorizationRule(
                    dice.nextBoolean()
                            ? List.of()
                            : List.of(source("principals", dice.nextBoolean() ? "*" : "*/sa/web")),
                    dice.nextBoolean() ? List.of() : List.of(operation("paths", dice.nextBoolean() ? "/a" : "/b")));
            policies.add(new Authorization("shop/p" + i, dice.nextBoolean() ? ALLOW : DENY, List.of(rule)));
        }
        var shuffled = new ArrayList<>(policies);
        Collections.shuffle(shuffled, dice);
        for (var peer : List.of(WEB, NOBODY)) {
            for (var path : List.of("/a", "/b")) {
                assertEquals(
                        passes(Authorizer.compile(policies), peer, Asked.get(path)),
                        passes(Authorizer.compile(shuffled), peer, Asked.get(path)));
            }
        }
    }

    private static boolean passes(Authorizer authorizer, PeerFacts peer, RequestFacts request) {
        return authorizer.judgeRequest(peer, request) instanceof Verdict.Proceed;
    }

    private static void assertRefused(Verdict verdict, Reason.Kind kind, String detail) {
        assertTrue(
                verdict instanceof Verdict.Answer(var status, var reason)
                        && status == 403
                        && reason.kind() == kind
                        && reason.detail().contains(detail),
                verdict.toString());
    }

    private static Authorizer policy(Authorization.Action action, AuthorizationRule... rules) {
        return Authorizer.compile(List.of(new Authorization("shop/policy", action, List.of(rules))));
    }

    private static PeerFacts peer(String account, String address, int port) {
        var id = SpiffeId.of("tulle", "shop", account);
        return PeerFacts.of(Optional.of(id), InetAddress.ofLiteral(address), port);
    }

    private static AuthorizationRule paths(String path) {
        return new AuthorizationRule(List.of(), List.of(operation("paths", path)));
    }

    private static Source source(String field, String written) {
        var text = List.of(TextMatch.ofWildcard(written));
        return new Source(
                field.equals("principals") ? text : List.of(),
                field.equals("notPrincipals") ? text : List.of(),
                field.equals("namespaces") ? text : List.of(),
                field.equals("notNamespaces") ? text : List.of(),
                field.equals("ipBlocks") ? List.of(written) : List.of(),
                field.equals("notIpBlocks") ? List.of(written) : List.of());
    }

    private static Operation operation(String field, String written) {
        var text = List.of(TextMatch.ofWildcard(written));
        return new Operation(
                field.equals("hosts") ? text : List.of(),
                field.equals("notHosts") ? text : List.of(),
                field.equals("ports") ? List.of(Integer.parseInt(written)) : List.of(),
                field.equals("notPorts") ? List.of(Integer.parseInt(written)) : List.of(),
                field.equals("methods") ? text : List.of(),
                field.equals("notMethods") ? text : List.of(),
                field.equals("paths") ? List.of(new PathMatch.Exact(written)) : List.of(),
                field.equals("notPaths") ? List.of(new PathMatch.Exact(written)) : List.of());
    }

    private static Operation both(Operation a, Operation b) {
        return new Operation(
                join(a.hosts(), b.hosts()),
                join(a.notHosts(), b.notHosts()),
                join(a.ports(), b.ports()),
                join(a.notPorts(), b.notPorts()),
                join(a.methods(), b.methods()),
                join(a.notMethods(), b.notMethods()),
                join(a.paths(), b.paths()),
                join(a.notPaths(), b.notPaths()));
    }

    private static <T> List<T> join(List<T> a, List<T> b) {
        return Stream.concat(a.stream(), b.stream()).toList();
    }
}
