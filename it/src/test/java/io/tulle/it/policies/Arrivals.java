package io.tulle.it.policies;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** What came to the applications, and what they are to answer. Each request carries a mark of its own. */
final class Arrivals {
    /** The header that carries it. */
    static final String MARK = "x-mark";

    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(10);

    private final List<Arrival> all = new ArrayList<>(); // guarded by this
    private final Map<String, Script> scripts = new ConcurrentHashMap<>();

    /**
     * One request as it came to an application.
     *
     * @param headers by lower-case names; several of one name joined
     */
    record Arrival(
            String instance,
            String mark,
            String method,
            String path,
            String authority,
            Map<String, String> headers,
            String body) {}

    /** What is answered to a request, each time that it comes; mirrors say who they are. */
    private record Script(List<Answer> answers, Expected expected) {}

    void expect(String mark, Request request) {
        scripts.put(mark, new Script(request.answers(), request.expected()));
    }

    /** Notes it, and says what is to be answered. */
    Answer arrived(Arrival arrival) {
        var script = Optional.ofNullable(scripts.get(arrival.mark()));
        synchronized (this) {
            all.add(arrival);
            notifyAll();
            if (script.isEmpty() || script.get().answers().isEmpty()) return Answer.USUAL;
            var expected = script.get().expected();
            if (expected.isMirror(arrival.instance())) return Answer.USUAL;
            var before = all.stream()
                            .filter(one -> one.mark().equals(arrival.mark()) && !expected.isMirror(one.instance()))
                            .count()
                    - 1;
            var answers = script.get().answers();
            return answers.get((int) Math.min(before, answers.size() - 1));
        }
    }

    synchronized List<Arrival> of(Predicate<String> mark) {
        return all.stream().filter(arrival -> mark.test(arrival.mark())).toList();
    }

    /** Waits until so much has come, but not for ever. */
    synchronized void await(Predicate<List<Arrival>> enough) {
        var end = System.nanoTime() + PATIENCE;
        try {
            while (!enough.test(all) && System.nanoTime() < end)
                TimeUnit.NANOSECONDS.timedWait(this, end - System.nanoTime());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Forgets all; what still comes of it is answered as usual. */
    synchronized void clear() {
        all.clear();
        scripts.clear();
    }
}
