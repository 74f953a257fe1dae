package io.tulle.it.policies;

import io.tulle.model.SpiffeId;
import io.tulle.model.world.MeshSettings;
import io.tulle.proxy.filter.PeerFacts;
import io.tulle.proxy.filter.Verdict;
import io.tulle.proxy.plan.Chain;
import io.tulle.proxy.plan.Destination;
import io.tulle.proxy.plan.Plan;
import io.tulle.proxy.route.CorsPlan;
import io.tulle.proxy.route.Decision;
import io.tulle.proxy.route.HeaderChanges;
import io.tulle.proxy.route.RequestFacts;
import io.tulle.proxy.route.Route;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The answers of plans to a case's questions, as lines of text. */
final class Decided {
    /** So many draws of one question: shares come out as whole percent, since {@link Steps} goes through them evenly. */
    private static final int DRAWS = 100;

    private static final MeshSettings MESH = MeshSettings.DEFAULT;

    private Decided() {}

    static String all(Case asked, Map<String, Plan> plans) {
        var text = new StringBuilder();
        for (var ask : asked.asks()) {
            var plan = Optional.ofNullable(plans.get(ask.at())).orElseThrow();
            text.append(question(ask)).append('\n');
            var chain = ask.from().isEmpty()
                    ? plan.chain(new Destination.Outbound(ask.host(), ask.port()))
                    : inbound(asked, ask, plan);
            var answers = chain.map(
                            found -> ask.from().isEmpty() ? routed(found, ask, plan) : judged(found, asked, ask))
                    .orElse(List.of("nothing serves this"));
            answers.forEach(line -> text.append("  ").append(line).append('\n'));
        }
        return text.toString();
    }

    private static String question(Case.Ask ask) {
        var headers = ask.headers().entrySet().stream()
                .map(h -> " " + h.getKey() + "=" + h.getValue())
                .collect(Collectors.joining());
        var who = ask.from().isEmpty() ? ask.at() : ask.from() + " → " + ask.at();
        return who + " → " + ask.host() + ":" + ask.port() + " " + ask.method() + " " + ask.target() + headers;
    }

    private static Optional<Chain> inbound(Case asked, Case.Ask ask, Plan plan) {
        var service = asked.instance(ask.at()).service();
        var plain = ask.from().equals("plaintext");
        return plan.chain(new Destination.Inbound(plain ? "" : service.serverName(ask.port()), !plain));
    }

    private static List<String> judged(Chain chain, Case asked, Case.Ask ask) {
        var namespace = asked.instance(ask.at()).service().namespace();
        var parts = ask.from().split("/", 2);
        var identity = ask.from().equals("plaintext")
                ? Optional.<SpiffeId>empty()
                : Optional.of(SpiffeId.of(
                        MESH.trustDomain(), parts.length == 2 ? parts[0] : namespace, parts[parts.length - 1]));
        var peer = PeerFacts.of(identity, InetAddress.ofLiteral("10.0.0.99"), ask.port());
        var verdict = chain.routes().isPresent()
                ? chain.authorizer().judgeRequest(peer, new Facts(ask))
                : chain.authorizer().judgeConnection(peer);
        var tried = chain.dryRun()
                .map(dryRun -> chain.routes().isPresent()
                        ? dryRun.judgeRequest(peer, new Facts(ask))
                        : dryRun.judgeConnection(peer));
        var told = tried.map(said -> "; dry run: " + said.effect() + " " + said.policy())
                .orElse("");
        return List.of(told(verdict) + told);
    }

    private static String told(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Proceed _ -> "allowed";
            case Verdict.Answer answer ->
                "denied: " + answer.reason().kind() + " " + answer.reason().detail();
            case Verdict.Await _ -> "asks elsewhere";
        };
    }

    private static List<String> routed(Chain chain, Case.Ask ask, Plan plan) {
        if (chain.routes().isEmpty())
            return List.of("connections go to " + chain.spec().wire());
        var request = new Facts(ask);
        var steps = new Steps();
        var shares = new TreeMap<String, Integer>();
        var rest = new ArrayList<String>();
        for (int i = 0; i < DRAWS; i++) {
            steps.at = i;
            var decision = chain.routes().get().route(request, steps);
            shares.merge(end(decision, request, plan), 1, Integer::sum);
            if (i > 0) continue;
            rest.addAll(route(decision));
            Decision.chosen(decision).map(route -> crossOrigin(route, request)).ifPresent(rest::addAll);
        }
        var lines = new ArrayList<String>();
        shares.forEach((end, count) -> lines.add((count == DRAWS ? "" : count + " % ") + end));
        lines.addAll(rest);
        return lines;
    }

    private static String end(Decision decision, RequestFacts request, Plan plan) {
        return switch (decision) {
            case Decision.NoRoute _ -> "no route";
            case Decision.Redirect redirect -> "redirect " + redirect.status() + " " + redirect.location();
            case Decision.Reply reply -> "answer " + reply.status();
            case Decision.NoTarget _ -> "answer 503";
            case Decision.Forward(var _, var target, var path, var _) ->
                target.cluster()
                        + " " + path.apply(request.path())
                        + target.authority().map(a -> " authority " + a).orElse("")
                        + edits(" request", target.requestHeaders())
                        + edits(" response", target.responseHeaders())
                        + " to "
                        + plan.cluster(target.cluster())
                                .map(c -> c.endpoints().endpoints().stream()
                                        .map(endpoint -> endpoint.spec().instance())
                                        .sorted()
                                        .toList()
                                        .toString())
                                .orElse("nowhere");
        };
    }

    private static List<String> route(Decision decision) {
        if (!(decision instanceof Decision.Forward(var route, var _, var _, var _))) return List.of();
        var lines = new ArrayList<String>();
        lines.add("by " + route.name());
        route.timeout().ifPresent(t -> lines.add("within " + t.toMillis() + " ms"));
        lines.add("up to " + route.retries().retries() + " retries"
                + route.retries()
                        .perTry()
                        .map(t -> ", each within " + t.toMillis() + " ms")
                        .orElse(""));
        route.session().policy().ifPresent(session -> lines.add("one session to one endpoint: " + session));
        if (!route.hashing().keys().isEmpty())
            lines.add("equal " + route.hashing().keys() + " to one endpoint");
        faults(route).forEach((fault, count) -> lines.add(count + " % of requests: " + fault));
        mirrors(route).forEach((mirror, count) -> lines.add(count + " % of requests: copied to " + mirror));
        return lines;
    }

    private static List<String> crossOrigin(Route route, RequestFacts request) {
        return switch (route.cors().of(request)) {
            case CorsPlan.Said.Nothing _ -> List.of();
            case CorsPlan.Said.Preflight(var headers) -> List.of("instead: answers the preflight" + edits("", headers));
            case CorsPlan.Said.Shared(var headers) -> List.of("the page is told" + edits("", headers));
        };
    }

    private static Map<String, Integer> faults(Route route) {
        var found = new TreeMap<String, Integer>();
        var steps = new Steps();
        for (int i = 0; i < DRAWS; i++) {
            steps.at = i;
            var fault = route.faults().draw(steps);
            if (fault.isNone()) continue;
            var what = (fault.delay().isZero() ? "" : "wait " + fault.delay().toMillis() + " ms ")
                    + fault.answer().map(a -> "answer " + a).orElse("");
            found.merge(what.strip(), 1, Integer::sum);
        }
        return found;
    }

    private static Map<String, Integer> mirrors(Route route) {
        var found = new TreeMap<String, Integer>();
        var steps = new Steps();
        for (int i = 0; i < DRAWS; i++) {
            steps.at = i;
            for (var mirror : route.mirrors().draw(steps)) {
                found.merge(mirror.cluster() + " as " + mirror.authority("host:1"), 1, Integer::sum);
            }
        }
        return found;
    }

    private static String edits(String what, HeaderChanges changes) {
        if (changes.isEmpty()) return "";
        var said = new ArrayList<String>();
        changes.applyTo(new HeaderChanges.Editable() {
            @Override
            public void remove(String name) {
                said.add("-" + name);
            }

            @Override
            public void set(String name, String value) {
                said.add(name + "=" + value);
            }

            @Override
            public void add(String name, String value) {
                said.add(name + "+=" + value);
            }
        });
        return what + " " + said;
    }

    /** Goes evenly through all that could be drawn. */
    private static final class Steps implements RandomGenerator {
        private int at;

        @Override
        public long nextLong() {
            return at;
        }

        @Override
        public long nextLong(long bound) {
            return bound * at / DRAWS;
        }

        @Override
        public int nextInt(int bound) {
            return (int) nextLong(bound);
        }
    }

    private record Facts(Case.Ask ask) implements RequestFacts {
        @Override
        public String method() {
            return ask.method();
        }

        @Override
        public String path() {
            return ask.target().split("\\?", 2)[0];
        }

        @Override
        public String rawQuery() {
            var parts = ask.target().split("\\?", 2);
            return parts.length == 2 ? parts[1] : "";
        }

        @Override
        public String authority() {
            return ask.headers().getOrDefault("host", ask.host() + ":" + ask.port());
        }

        @Override
        public String scheme() {
            return "http";
        }

        @Override
        public @Nullable String header(String lowerCaseName) {
            return ask.headers().get(lowerCaseName);
        }
    }
}
