package io.tulle.labs;

import io.tulle.labs.load.Ask;
import io.tulle.labs.load.Connections;
import io.tulle.labs.load.Outcome;
import io.tulle.labs.stage.Answer;
import io.tulle.labs.stage.Stage;
import io.tulle.labs.stage.Unmet;
import java.util.HashSet;

/** An application that fails three times in ten: retries hide it where that is safe. And a deadline that is kept. */
final class RetryAndTimeoutLab implements Lab {
    private static final int GETS = 1000;
    private static final int POSTS = 500;
    private static final int LONGEST_WAIT_MS = 500;

    private static final String POLICY = CatalogPolicies.routes("""
            - match: [ { uri: { prefix: /slow } } ]
              route: [ { destination: { host: catalog } } ]
              timeout: 0.5s
            - route: [ { destination: { host: catalog, subset: v1 } } ]
              retries: { attempts: 5, retryOn: 5xx }
            """);

    @Override
    public String name() {
        return "07-retry-and-timeout";
    }

    @Override
    public String show(Stage stage) {
        CatalogPolicies.warm(stage);
        stage.apply(POLICY);
        coin(stage, 0.3);
        try {
            var gets = stage.traffic().send(Ask.get("/api/catalog/flaky"), GETS);
            var good = gets.outcomes().stream().filter(o -> o.status() == 200).count();
            var first = flaky(stage, "GET", "firstAttempts");
            var failed = flaky(stage, "GET", "firstAttemptsFailed");
            var share = (double) failed / first;
            Unmet.unless(first == GETS, "the application counted " + first + " first attempts of " + GETS);
            Unmet.unless(share >= 0.25 && share <= 0.35, "the coin failed " + failed + " of " + first);
            Unmet.unless(good >= GETS * 0.99, "of " + GETS + " GETs only " + good + " succeeded: " + gets.summary());

            var posts = stage.traffic().send(Ask.post("/api/catalog/flaky", "{}"), POSTS);
            var refused =
                    posts.outcomes().stream().filter(o -> o.status() >= 500).count();
            var arrived = flaky(stage, "POST", "requests");
            Unmet.unless(refused >= 100, "only " + refused + " POSTs failed: " + posts.summary());
            Unmet.unless(
                    posts.outcomes().stream().allMatch(Outcome::answered),
                    "POSTs without an answer: " + posts.summary());
            Unmet.unless(arrived == POSTS, POSTS + " POSTs were sent and " + arrived + " arrived");
            unique(stage);
            return "the coin failed %.1f %% of first attempts; %d of %d GETs succeeded (%d requests at the application); %d of %d POSTs failed, none sent twice; %s"
                    .formatted(
                            share * 100, good, GETS, flaky(stage, "GET", "requests"), refused, POSTS, deadline(stage));
        } finally {
            coin(stage, 0);
        }
    }

    private static void coin(Stage stage, double rate) {
        var set =
                stage.web().post("/api/catalog/mode", "{\"failRate\":" + rate + ",\"failSeed\":7}", "x-user", "lab-v1");
        Unmet.unless(set.status() == 200, "the coin was not set: " + set);
    }

    private static long flaky(Stage stage, String method, String what) {
        return stats(stage).number(method, what);
    }

    /** One replica serves it all, so that a second attempt is known as one by its request id. */
    private static Answer stats(Stage stage) {
        return CatalogPolicies.of(stage, "v1", "/flaky/stats");
    }

    /** No request id of a POST reached the application twice. */
    private static void unique(Stage stage) {
        var ids = stats(stage).texts("POST", "requestIds");
        Unmet.unless(ids.size() == POSTS, "the application saw " + ids.size() + " request ids of POSTs");
        Unmet.unless(new HashSet<>(ids).size() == POSTS, "a POST reached the application twice");
    }

    private static String deadline(Stage stage) {
        var load = stage.traffic()
                .of(Ask.get("/api/catalog/slow?ms=20000"), 10)
                .connections(Connections.FRESH)
                .times(1);
        var slow = load.outcomes().getFirst();
        var millis = slow.latencyNanos() / 1_000_000;
        Unmet.unless(
                slow.status() == 504,
                "a call over its deadline was answered with " + slow.status() + " " + slow.body());
        Unmet.unless(slow.body().contains("TUL16"), "the answer does not say why: " + slow.body());
        Unmet.unless(
                millis >= LONGEST_WAIT_MS && millis < 10_000, "a call with a deadline of 500 ms ended after " + millis);
        return "a call of 20 s ended after " + millis + " ms with 504: "
                + slow.body().strip();
    }
}
