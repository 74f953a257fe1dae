package io.tulle.proxy.route;

import io.tulle.model.policy.CorsPolicy;
import io.tulle.model.policy.HeaderEdits;
import io.tulle.proxy.policy.PolicyPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A route's CORS policy, ready to be asked for each request. As Envoy's filter does: a preflight is OPTIONS with an origin and
 * a method that is asked for; an allowed origin is told in its own words; {@code *} allows what a preflight asks for by
 * name. Otherwise than Envoy, an origin that is not allowed is told nothing at all, as the Gateway API asks.
 */
public final class CorsPlan implements PolicyPlan {
    /** A plan that looks at no request. */
    public static final CorsPlan NONE =
            compile(new CorsPolicy(List.of(), List.of(), List.of(), List.of(), OptionalLong.empty(), false, true));

    private static final String ALLOW_ORIGIN = "access-control-allow-origin";
    private static final String ALLOW_CREDENTIALS = "access-control-allow-credentials";

    private final CorsPolicy policy;
    private final List<TextTest> origins;
    private final boolean all;

    private CorsPlan(CorsPolicy policy) {
        this.policy = policy;
        this.origins = policy.origins().stream().map(TextTest::compile).toList();
        this.all = origins.stream().anyMatch(test -> test.accepts(CorsPolicy.ANY));
    }

    static CorsPlan compile(CorsPolicy policy) {
        return new CorsPlan(policy);
    }

    /** What is said to the page of another origin. */
    public sealed interface Said {
        /** The request is none of this policy's. */
        record Nothing() implements Said {}

        /** An answer in the application's place. */
        record Preflight(HeaderChanges headers) implements Said {}

        /** What is set in the answer, whoever gives it. */
        record Shared(HeaderChanges headers) implements Said {}
    }

    private static final Said NOTHING = new Said.Nothing();

    public Said of(RequestFacts request) {
        if (this == NONE) return NOTHING;
        var origin = request.header("origin");
        if (origin == null || origin.isEmpty()) return NOTHING;
        var allowed = allows(origin);
        var asked = request.method().equals("OPTIONS") ? request.header("access-control-request-method") : null;
        if (asked == null || asked.isEmpty()) return allowed ? shared(origin) : NOTHING;
        if (allowed) return preflight(origin, asked, request);
        return policy.forwardsUnmatched() ? NOTHING : new Said.Preflight(HeaderChanges.NONE);
    }

    private boolean allows(String origin) {
        if (all) return true;
        for (int i = 0; i < origins.size(); i++) {
            if (origins.get(i).accepts(origin)) return true;
        }
        return false;
    }

    private Said shared(String origin) {
        var headers = granted(origin);
        if (!policy.exposed().isEmpty())
            add(headers, "access-control-expose-headers", String.join(",", policy.exposed()));
        return new Said.Shared(changes(headers));
    }

    private Said preflight(String origin, String asked, RequestFacts request) {
        var headers = granted(origin);
        list(policy.methods(), Optional.of(asked)).ifPresent(v -> add(headers, "access-control-allow-methods", v));
        var wanted = Optional.ofNullable(request.header("access-control-request-headers"));
        list(policy.headers(), wanted).ifPresent(v -> add(headers, "access-control-allow-headers", v));
        policy.maxAge().ifPresent(age -> add(headers, "access-control-max-age", Long.toString(age)));
        return new Said.Preflight(changes(headers));
    }

    private List<HeaderEdits.Header> granted(String origin) {
        var headers = new ArrayList<HeaderEdits.Header>();
        add(headers, ALLOW_ORIGIN, origin);
        if (policy.credentials()) add(headers, ALLOW_CREDENTIALS, "true");
        return headers;
    }

    /** @param asked what the wildcard allows */
    private static Optional<String> list(List<String> words, Optional<String> asked) {
        if (words.isEmpty()) return Optional.empty();
        return words.getFirst().equals(CorsPolicy.ANY) ? asked : Optional.of(String.join(",", words));
    }

    private static void add(List<HeaderEdits.Header> headers, String name, String value) {
        headers.add(new HeaderEdits.Header(name, value));
    }

    private static HeaderChanges changes(List<HeaderEdits.Header> set) {
        return HeaderChanges.compile(List.of(new HeaderEdits(set, List.of(), List.of())));
    }
}
