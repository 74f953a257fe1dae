package io.tulle.proxy.route;

import io.tulle.model.match.HeaderMatch;
import io.tulle.model.match.QueryMatch;
import io.tulle.model.match.RequestMatch;
import io.tulle.model.match.TextMatch;
import java.util.ArrayList;
import java.util.List;

/** A {@link RequestMatch} made ready for traffic: conditions in order of their cost, the first that fails ends it. */
final class RequestTest {
    private final List<Condition> conditions;

    private RequestTest(List<Condition> conditions) {
        this.conditions = List.copyOf(conditions);
    }

    static RequestTest compile(RequestMatch match) {
        var all = new ArrayList<Condition>();
        match.method().map(TextTest::compile).ifPresent(test -> all.add(r -> test.accepts(r.method())));
        match.scheme().map(TextTest::compileIgnoringCase).ifPresent(test -> all.add(r -> test.accepts(r.scheme())));
        match.path()
                .map(path -> PathTest.compile(path, match.ignorePathCase()))
                .ifPresent(test -> all.add(r -> test.accepts(r.path())));
        match.authority().map(RequestTest::host).ifPresent(all::add);
        match.headers().forEach(header -> all.add(header(header)));
        match.queryParameters().forEach(query -> all.add(query(query)));
        return new RequestTest(all);
    }

    boolean accepts(RequestFacts request) {
        for (int i = 0; i < conditions.size(); i++) {
            if (!conditions.get(i).holds(request)) return false;
        }
        return true;
    }

    private static Condition host(TextMatch match) {
        var test = TextTest.compileIgnoringCase(withoutPort(match));
        return request -> test.accepts(Authority.host(request.authority()));
    }

    /** An operator may write the port; it does not take part. */
    private static TextMatch withoutPort(TextMatch match) {
        return match instanceof TextMatch.Exact(var value) ? new TextMatch.Exact(Authority.host(value)) : match;
    }

    private static Condition header(HeaderMatch match) {
        var name = match.name();
        var wanted = !match.inverted();
        // Istio lets a header condition name what HTTP/2 sends as a pseudo-header.
        return switch (name) {
            case "host", ":authority" -> {
                var test = host(match.value());
                yield request -> test.holds(request) == wanted;
            }
            case ":method" -> {
                var test = TextTest.compile(match.value());
                yield request -> test.accepts(request.method()) == wanted;
            }
            case ":path" -> {
                var test = TextTest.compile(match.value());
                yield request -> test.accepts(request.path()) == wanted;
            }
            case ":scheme" -> {
                var test = TextTest.compileIgnoringCase(match.value());
                yield request -> test.accepts(request.scheme()) == wanted;
            }
            default -> {
                var test = TextTest.compileForField(match.value());
                yield request -> test.acceptsIfThere(request.header(name)) == wanted;
            }
        };
    }

    private static Condition query(QueryMatch match) {
        var test = TextTest.compileForField(match.value());
        return request -> test.acceptsIfThere(Query.first(request.rawQuery(), match.name()));
    }

    @FunctionalInterface
    private interface Condition {
        boolean holds(RequestFacts request);
    }
}
