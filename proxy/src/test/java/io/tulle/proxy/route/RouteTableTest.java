package io.tulle.proxy.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tulle.model.match.HeaderMatch;
import io.tulle.model.match.PathMatch;
import io.tulle.model.match.QueryMatch;
import io.tulle.model.match.RequestMatch;
import io.tulle.model.match.TextMatch;
import io.tulle.model.policy.HeaderEdits;
import io.tulle.model.policy.HeaderPolicy;
import io.tulle.model.policy.PathRewrite;
import io.tulle.model.policy.RoutePolicy;
import io.tulle.model.policy.TimeoutPolicy;
import io.tulle.xds.spec.ActionSpec;
import io.tulle.xds.spec.RouteSpec;
import io.tulle.xds.spec.RouteTableSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteTableTest {
    private final Random random = new Random(7);

    @Test
    void theFirstRouteThatMatchesDecides() {
        var table = table(
                route("one", new PathMatch.Prefix("/a")),
                route("two", new PathMatch.Exact("/a/b")),
                route("three", new PathMatch.Regex("/.*")));
        assertEquals("one", chosen(table, Asked.get("/a/b")));
        assertEquals("three", chosen(table, Asked.get("/ab")));
    }

    @Test
    void anyOfARoutesMatchesIsEnough() {
        var spec = forward("either", List.of(ofPath(new PathMatch.Exact("/a")), ofPath(new PathMatch.Exact("/b"))));
        assertEquals("either", chosen(table(spec), Asked.get("/b")));
    }

    @Test
    void whatNoRouteMatchesHasNoRoute() {
        assertSame(
                Decision.NO_ROUTE, table(route("a", new PathMatch.Exact("/a"))).route(Asked.get("/b"), random));
        assertSame(Decision.NO_ROUTE, RouteTable.EMPTY.route(Asked.get("/"), random));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            shop.example | shop.example      | true
            shop.example | Shop.EXAMPLE      | true
            shop.example | shop.example:8080 | true
            shop.example | shop.example.     | true
            shop.example | shop.example.:80  | true
            shop.example:80 | shop.example:8080 | true
            shop.example | ashop.example     | false
            [::1]        | [::1]:80          | true
            [::1]        | [::1]             | true
            """)
    void anAuthorityMatchesWithoutPortAndCase(String written, String sent, boolean matches) {
        var match = new RequestMatch(
                Optional.empty(),
                false,
                Optional.empty(),
                Optional.of(new TextMatch.Exact(written)),
                Optional.empty(),
                List.of(),
                List.of());
        var decision = table(forward("a", List.of(match))).route(Asked.get("/").at(sent), random);
        assertEquals(matches, decision instanceof Decision.Forward);
    }

    @Test
    void allConditionsOfAMatchMustHold() {
        var match = new RequestMatch(
                Optional.of(new PathMatch.Prefix("/a")),
                false,
                Optional.of(new TextMatch.Exact("GET")),
                Optional.empty(),
                Optional.of(new TextMatch.Exact("https")),
                List.of(new HeaderMatch("X-User", new TextMatch.Exact("ann"), false)),
                List.of(new QueryMatch("v", new TextMatch.Exact("2"))));
        var table = table(forward("a", List.of(match)));
        var good = Asked.get("/a?v=2").with("x-user", "ann").over("https");
        assertEquals("a", chosen(table, good));
        assertEquals("a", chosen(table, good.over("HTTPS")));
        assertSame(Decision.NO_ROUTE, table.route(good.over("http"), random));
        assertSame(Decision.NO_ROUTE, table.route(good.with("x-user", "ann,bob"), random));
        assertSame(
                Decision.NO_ROUTE,
                table.route(Asked.of("get", "/a?v=2").with("x-user", "ann").over("https"), random));
        assertSame(
                Decision.NO_ROUTE,
                table.route(Asked.get("/a?v=1").with("x-user", "ann").over("https"), random));
    }

    @Test
    void anInvertedHeaderConditionHoldsWhereTheHeaderIsMissing() {
        var table = table(forward(
                "a",
                List.of(new RequestMatch(
                        Optional.empty(),
                        false,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        List.of(new HeaderMatch("x-user", new TextMatch.Exact("ann"), true)),
                        List.of()))));
        assertEquals("a", chosen(table, Asked.get("/")));
        assertEquals("a", chosen(table, Asked.get("/").with("x-user", "bob")));
        assertSame(Decision.NO_ROUTE, table.route(Asked.get("/").with("x-user", "ann"), random));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            v=2             | true
            a=1&v=2&b       | true
            v=2&v=3         | true
            v=3&v=2         | false
            %76=2           | true
            v=%32           | true
            v=%             | false
            v=%3            | false
            v               | false
            vv=2            | false
            V=2             | false
            ''              | false
            &&v=2           | true
            v==2            | false
            """)
    void aQueryParameterIsReadDecodedAndTheFirstCounts(String query, boolean matches) {
        assertEquals(matches, "2".equals(Query.first(query, "v")));
    }

    @Test
    void weightsAreKeptWithinFourStandardDeviations() {
        var weights = List.of(90, 9, 0, 1);
        var targets = new ArrayList<ActionSpec.Target>();
        for (int i = 0; i < weights.size(); i++) {
            targets.add(new ActionSpec.Target("c" + i, weights.get(i), HeaderEdits.NONE, HeaderEdits.NONE));
        }
        var table = table(spec("split", new ActionSpec.Forward(targets, Optional.empty(), Optional.empty())));
        var counts = new HashMap<String, Integer>();
        int draws = 200_000;
        for (int i = 0; i < draws; i++) counts.merge(cluster(table, Asked.get("/")), 1, Integer::sum);
        for (int i = 0; i < weights.size(); i++) {
            double share = weights.get(i) / 100.0;
            double sigma = Math.sqrt(draws * share * (1 - share));
            assertEquals(draws * share, counts.getOrDefault("c" + i, 0), 4 * sigma + 1e-9, "c" + i);
        }
    }

    @Test
    void whatIsThereAndEmptyIsPresent() {
        var match = new RequestMatch(
                Optional.empty(),
                false,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(new HeaderMatch("x-user", new TextMatch.Present(), false)),
                List.of(new QueryMatch("v", new TextMatch.Present())));
        var table = table(spec("r", ActionSpec.Forward.to("c"), List.of(match)));
        assertForwards(true, table, Asked.get("/?v=").with("x-user", ""));
        assertForwards(true, table, Asked.get("/?v").with("x-user", "ann"));
        assertForwards(false, table, Asked.get("/?v=1"));
        assertForwards(false, table, Asked.get("/?w=1").with("x-user", ""));
    }

    private void assertForwards(boolean expected, RouteTable table, Asked asked) {
        assertEquals(expected, table.route(asked, random) instanceof Decision.Forward, asked.toString());
    }

    @Test
    void whereAllWeightsAreZeroTheMeshAnswers503AndSaysWhy() {
        var none = new ActionSpec.Target("c", 0, HeaderEdits.NONE, HeaderEdits.NONE);
        var action = new ActionSpec.Forward(List.of(none), Optional.empty(), Optional.empty());
        var nobody = assertInstanceOf(
                Decision.NoTarget.class, table(spec("r", action)).route(Asked.get("/"), random));
        assertTrue(nobody.why().contains("route r"), nobody.why());
    }

    @Test
    void aPrefixIsRewrittenByTheMatchThatHeld() {
        var action = new ActionSpec.Forward(
                List.of(ActionSpec.Target.of("c")), Optional.of(new PathRewrite.Prefix("/z")), Optional.empty());
        var spec =
                spec("r", action, List.of(ofPath(new PathMatch.Prefix("/a")), ofPath(new PathMatch.Prefix("/long/b"))));
        var table = table(spec);
        assertEquals("/z/1", forwarded(table, Asked.get("/a/1")).path().apply("/a/1"));
        assertEquals("/z/1", forwarded(table, Asked.get("/long/b/1")).path().apply("/long/b/1"));
    }

    @Test
    void aTimeoutOfZeroIsNoTimeout() {
        var timed = withTimeout(Duration.ofSeconds(2));
        assertEquals(
                Optional.of(Duration.ofSeconds(2)),
                forwarded(table(timed), Asked.get("/")).route().timeout());
        assertEquals(
                Optional.empty(),
                forwarded(table(withTimeout(Duration.ZERO)), Asked.get("/"))
                        .route()
                        .timeout());
    }

    @Test
    void aRouteThatCannotBeCarriedOutCannotBeMadeAndTheReasonNamesIt() {
        var edits = new HeaderEdits(List.of(), List.of(), List.of("Content-Length"));
        var refused = assertThrows(IllegalArgumentException.class, () -> withRequestHeaders("smuggler", edits));
        assertEquals(
                "route smuggler: a route cannot edit the header 'content-length': it frames or addresses the message",
                refused.getMessage());
    }

    @Test
    void aHostThatIsSetIsAnAuthority() {
        var edits = new HeaderEdits(
                List.of(new HeaderEdits.Header("Host", "b.example"), new HeaderEdits.Header("x", "1")),
                List.of(),
                List.of());
        var target =
                forwarded(table(withRequestHeaders("r", edits)), Asked.get("/")).target();
        assertEquals(Optional.of("b.example"), target.authority());
        assertEquals(List.of("set x 1"), HeaderChangesTest.made(target.requestHeaders()));
    }

    /** The index may only be faster than asking all in order, never different. */
    @Property(tries = 300)
    void theIndexChoosesAsAskingInOrderWould(@ForAll long seed) {
        var dice = new Random(seed);
        var matches = new ArrayList<RequestMatch>();
        for (int i = 0; i < 40; i++) matches.add(anyMatch(dice));
        var routes = new ArrayList<RouteSpec>();
        for (int i = 0; i < matches.size(); i++) routes.add(forward("r" + i, List.of(matches.get(i))));
        var table = RouteTable.compile(new RouteTableSpec("t", routes));
        var tests = matches.stream().map(RequestTest::compile).toList();
        for (int i = 0; i < 50; i++) {
            var asked = Asked.of(dice.nextBoolean() ? "GET" : "POST", anyPath(dice));
            var expected = -1;
            for (int t = 0; t < tests.size() && expected < 0; t++)
                if (tests.get(t).accepts(asked)) expected = t;
            var decision = table.route(asked, random);
            var found = decision instanceof Decision.Forward forward
                    ? forward.route().name()
                    : "none";
            assertEquals(expected < 0 ? "none" : "r" + expected, found, asked.path());
        }
    }

    @Test
    void aThousandRoutesAskOnlyThoseThatCanMatch() {
        var routes = new ArrayList<RouteSpec>();
        for (int i = 0; i < 1000; i++) {
            var path = i % 2 == 0 ? new PathMatch.Exact("/api/e" + i) : new PathMatch.Prefix("/api/p" + i);
            routes.add(forward("r" + i, List.of(counted(path))));
        }
        var table = RouteTable.compile(new RouteTableSpec("big", routes));
        var asked = new Counting(Asked.get("/api/p999/x"));
        assertEquals("r999", chosen(table, asked));
        assertTrue(asked.methods <= 3, "asked " + asked.methods + " routes");
    }

    private static RequestMatch counted(PathMatch path) {
        return new RequestMatch(
                Optional.of(path),
                false,
                Optional.of(new TextMatch.Exact("GET")),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                List.of());
    }

    private static RequestMatch anyMatch(Random dice) {
        var text = anyPath(dice);
        var path = switch (dice.nextInt(7)) {
            case 0, 1 -> new PathMatch.Exact(text);
            case 2, 3 -> new PathMatch.Prefix(text);
            case 4 -> new PathMatch.StringPrefix(text);
            case 5 -> new PathMatch.StringSuffix(text.substring(text.length() / 2));
            default -> new PathMatch.Regex(text + "[ab/]*");
        };
        Optional<TextMatch> method = dice.nextInt(3) == 0 ? Optional.of(new TextMatch.Exact("POST")) : Optional.empty();
        return new RequestMatch(
                dice.nextInt(20) == 0 ? Optional.empty() : Optional.of(path),
                dice.nextInt(10) == 0,
                method,
                Optional.empty(),
                Optional.empty(),
                List.of(),
                List.of());
    }

    private static String anyPath(Random dice) {
        var path = new StringBuilder("/");
        for (int i = dice.nextInt(6); i > 0; i--) path.append("ab/".charAt(dice.nextInt(3)));
        return path.toString();
    }

    private Decision.Forward forwarded(RouteTable table, RequestFacts request) {
        return assertInstanceOf(Decision.Forward.class, table.route(request, random));
    }

    private String chosen(RouteTable table, RequestFacts request) {
        return forwarded(table, request).route().name();
    }

    private String cluster(RouteTable table, RequestFacts request) {
        return forwarded(table, request).target().cluster();
    }

    private static RouteTable table(RouteSpec... routes) {
        return RouteTable.compile(new RouteTableSpec("t", List.of(routes)));
    }

    private static RequestMatch ofPath(PathMatch path) {
        return RequestMatch.ofPath(path);
    }

    private static RouteSpec route(String name, PathMatch path) {
        return forward(name, List.of(ofPath(path)));
    }

    private static RouteSpec forward(String name, List<RequestMatch> matches) {
        return spec(name, ActionSpec.Forward.to("c-" + name), matches);
    }

    private static RouteSpec spec(String name, ActionSpec action) {
        return spec(name, action, List.of(RequestMatch.ANY));
    }

    private static RouteSpec spec(String name, ActionSpec action, List<RequestMatch> matches) {
        return spec(name, action, matches, Optional.empty(), HeaderEdits.NONE);
    }

    private static RouteSpec withTimeout(Duration timeout) {
        var all = List.of(RequestMatch.ANY);
        return spec("r", ActionSpec.Forward.to("c"), all, Optional.of(timeout), HeaderEdits.NONE);
    }

    private static RouteSpec withRequestHeaders(String name, HeaderEdits edits) {
        return spec(name, ActionSpec.Forward.to("c"), List.of(RequestMatch.ANY), Optional.empty(), edits);
    }

    private static RouteSpec spec(
            String name,
            ActionSpec action,
            List<RequestMatch> matches,
            Optional<Duration> timeout,
            HeaderEdits requestHeaders) {
        return new RouteSpec(
                name,
                matches,
                action,
                RoutePolicy.set(timeout.map(TimeoutPolicy::new), HeaderPolicy.of(requestHeaders, HeaderEdits.NONE)));
    }

    /** Counts how many routes ask for the method, which they do first. */
    private static final class Counting implements RequestFacts {
        private final RequestFacts facts;
        private int methods;

        Counting(RequestFacts facts) {
            this.facts = facts;
        }

        @Override
        public String method() {
            methods++;
            return facts.method();
        }

        @Override
        public String path() {
            return facts.path();
        }

        @Override
        public String rawQuery() {
            return facts.rawQuery();
        }

        @Override
        public String authority() {
            return facts.authority();
        }

        @Override
        public String scheme() {
            return facts.scheme();
        }

        @Override
        public @org.jspecify.annotations.Nullable String header(String lowerCaseName) {
            return facts.header(lowerCaseName);
        }
    }
}
