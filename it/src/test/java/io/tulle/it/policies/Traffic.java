package io.tulle.it.policies;

import io.tulle.it.policies.Arrivals.Arrival;
import io.tulle.it.policies.Caller.Seen;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Sends a case's requests through a mesh, and says what did not come of them. */
final class Traffic {
    private final RealMesh mesh;
    private final Proxy proxy;
    private final List<String> wrong = new ArrayList<>();

    private Traffic(RealMesh mesh, Proxy proxy) {
        this.mesh = mesh;
        this.proxy = proxy;
    }

    /**
     * The documents of the case are in force.
     *
     * @param proxy by which the callers call
     */
    static void run(RealMesh mesh, Proxy proxy, List<Request> requests) throws Exception {
        var traffic = new Traffic(mesh, proxy);
        for (int i = 0; i < requests.size(); i++) traffic.send(requests.get(i), i + "-");
        // What came late, such as a copy too many of an earlier request, has come by now.
        for (int i = 0; i < requests.size(); i++) traffic.checkCopies(requests.get(i), i + "-");
        if (!traffic.wrong.isEmpty()) throw new AssertionError(String.join("\n", traffic.wrong));
    }

    private void send(Request request, String mark) throws Exception {
        var seen = new ArrayList<Seen>();
        var call = request.call();
        try (var caller = new Caller(call, proxy.entrance(call), proxy.introduction(call))) {
            for (int i = 0; i < request.times(); i++) {
                mesh.arrivals().expect(mark + i, request);
                seen.add(caller.call(mark + i));
            }
            // Nobody answers an event: it has been heard when it came.
            if (call.isEvent()) {
                var all = request.times() * request.expected().attempts().orElse(1);
                mesh.arrivals().await(_ -> attempts(request, mark).size() >= all);
            }
        }
        request.expected()
                .mirrored()
                .ifPresent(shares -> mesh.arrivals()
                        .await(_ -> shares.percent().keySet().stream()
                                .allMatch(
                                        to -> copies(request, mark, to).size() >= shares.least(to, request.times()))));
        check(request, mark, seen);
    }

    private List<Arrival> attempts(Request request, String mark) {
        return mesh.arrivals().of(each -> each.startsWith(mark)).stream()
                .filter(arrival -> !request.expected().isMirror(arrival.instance()))
                .toList();
    }

    private List<Arrival> copies(Request request, String mark, String to) {
        return mesh.arrivals().of(each -> each.startsWith(mark)).stream()
                .filter(arrival -> request.expected().isMirror(arrival.instance())
                        && arrival.instance().equals(to))
                .toList();
    }

    private void check(Request request, String mark, List<Seen> seen) {
        var expected = request.expected();
        var reply = expected.reply();
        var attempts = attempts(request, mark);
        Function<Seen, String> by = request.call().isEvent()
                ? one -> attempts.stream().map(Arrival::instance).findFirst().orElse(Expected.NOBODY)
                : Seen::by;
        expected.by().ifPresent(shares -> shares("by", request, shares, seen, by));
        if (request.call().wire().isHttp())
            expected.status().ifPresent(shares -> shares("status", request, shares, seen, Seen::status));
        if (proxy.isOurs()) checkOurs(request, mark, seen);
        reply.grpc().ifPresent(status -> each("grpc", request, status, seen, Seen::grpc));
        reply.body().ifPresent(body -> each("body", request, body, seen, Seen::body));
        for (var one : seen) headers(request, "headers", reply.headers(), one.headers());
        checkAttempts(request, mark, seen, attempts);
        expected.received().ifPresent(arrived -> {
            if (attempts.isEmpty()) wrong(request, "received: nothing came to any application");
            attempts.forEach(attempt -> arrived(request, "received", arrived, attempt));
        });
        expected.copied()
                .ifPresent(arrived -> mesh.arrivals().of(each -> each.startsWith(mark)).stream()
                        .filter(arrival -> expected.isMirror(arrival.instance()))
                        .forEach(copy -> arrived(request, "copied", arrived, copy)));
        checkCopies(request, mark);
    }

    /** What only a proxy of ours says. */
    private void checkOurs(Request request, String mark, List<Seen> seen) {
        var reply = request.expected().reply();
        reply.code().ifPresent(code -> each("code", request, code, seen, one -> code(request, one)));
        reply.flags().ifPresent(flags -> {
            for (int i = 0; i < request.times(); i++)
                equal(
                        request,
                        "flags",
                        flags,
                        mesh.journalOf(request.call().at())
                                .of(mark + i)
                                .map(r -> r.outcome().flags())
                                .orElse("no report"));
        });
    }

    /** Of a connection of bytes only the sidecar's log says why it ended. */
    private String code(Request request, Seen seen) {
        if (request.call().wire() != Call.Wire.TCP) return seen.code();
        return mesh.journalOf(request.call().at()).end().orElse("");
    }

    private void checkAttempts(Request request, String mark, List<Seen> seen, List<Arrival> attempts) {
        var counts = attempts.stream().collect(Collectors.groupingBy(Arrival::mark, Collectors.counting()));
        for (int i = 0; i < seen.size(); i++) {
            var isAnswered = request.call().isEvent() || !seen.get(i).by().equals(Expected.NOBODY);
            var wanted = request.expected().attempts().orElse(isAnswered ? 1 : 0);
            equal(request, "attempts", wanted, counts.getOrDefault(mark + i, 0L).intValue());
        }
    }

    private void checkCopies(Request request, String mark) {
        request.expected().mirrored().ifPresent(shares -> {
            for (var to : shares.percent().keySet()) {
                var only = new Shares.Of(Map.of(to, shares.percent().getOrDefault(to, 0.0)));
                var counts = Map.of(to, copies(request, mark, to).size());
                only.contradiction(counts, request.times()).ifPresent(why -> wrong(request, "mirrored: " + why));
            }
        });
    }

    private void shares(String what, Request request, Shares shares, List<Seen> seen, Function<Seen, String> of) {
        var counts = new TreeMap<String, Integer>();
        seen.forEach(one -> counts.merge(of.apply(one), 1, Integer::sum));
        shares.contradiction(counts, seen.size()).ifPresent(why -> wrong(request, what + ": " + why + told(seen)));
    }

    /** What the mesh said, where it answered itself. */
    private static String told(List<Seen> seen) {
        return seen.stream()
                .filter(one -> !one.code().isEmpty())
                .findFirst()
                .map(one -> " (" + one.code() + ": " + one.body().strip() + ")")
                .orElse("");
    }

    private void each(String what, Request request, String wanted, List<Seen> seen, Function<Seen, String> of) {
        seen.stream().map(of).distinct().forEach(was -> equal(request, what, wanted, was));
    }

    private void arrived(Request request, String what, Expected.Arrived wanted, Arrival was) {
        wanted.method().ifPresent(method -> equal(request, what + ".method", method, was.method()));
        wanted.path().ifPresent(path -> equal(request, what + ".path", path, was.path()));
        wanted.authority().ifPresent(host -> equal(request, what + ".authority", host, was.authority()));
        wanted.body().ifPresent(body -> equal(request, what + ".body", body, was.body()));
        headers(request, what + ".headers", wanted.headers(), was.headers());
    }

    private void headers(Request request, String what, Map<String, Optional<String>> wanted, Map<String, String> was) {
        wanted.forEach((name, value) -> {
            var found = Optional.ofNullable(was.get(name));
            if (value.filter("*"::equals).isPresent() ? found.isPresent() : found.equals(value)) return;
            wrong(request, what + "." + name + ": wanted " + value.orElse("none") + ", was " + found.orElse("none"));
        });
    }

    private void equal(Request request, String what, Object wanted, Object was) {
        if (!wanted.equals(was)) wrong(request, what + ": wanted " + wanted + ", was " + was);
    }

    private void wrong(Request request, String what) {
        var line = request.where() + ": " + what;
        if (!wrong.contains(line)) wrong.add(line);
    }
}
