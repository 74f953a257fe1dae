package io.tulle.proxy.trace;

import io.tulle.proxy.message.Headers;
import io.tulle.proxy.trace.RemoteSpan.Sampled;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Takes an exchange into its trace, or begins one: the request goes on with a {@code traceparent} that names this
 * sidecar's span, so that the application and the next sidecar hang theirs below it. W3C beats B3.
 */
public final class Tracing {
    private static final int RANDOM_ID = 2; // W3C level 2: the id's lower 7 bytes are random

    private Tracing() {}

    /** Empty when traces are off: then the headers stay as they are. */
    public static Optional<SpanContext> enter(Headers headers, TraceSettings settings, RandomGenerator random) {
        if (!settings.on()) return Optional.empty();
        var w3c = Traceparent.read(headers);
        if (w3c.isEmpty()) headers.remove(Traceparent.STATE); // it belonged to a trace that is not known
        else Traceparent.settleState(headers);
        var remote = w3c.or(() -> B3.read(headers));
        var span = remote.map(parent -> below(parent, settings, random))
                .orElseGet(() -> root(B3.decision(headers), settings, random));
        headers.set(Traceparent.NAME, Traceparent.write(span));
        B3.rewrite(headers, span);
        return Optional.of(span);
    }

    private static SpanContext below(RemoteSpan parent, TraceSettings settings, RandomGenerator random) {
        var sampled = isSampled(parent.sampled(), settings, random) ? 1 : 0;
        return new SpanContext(
                parent.traceHigh(),
                parent.traceLow(),
                id(random),
                parent.span(),
                (parent.flags() & RANDOM_ID) | sampled);
    }

    private static SpanContext root(Sampled said, TraceSettings settings, RandomGenerator random) {
        var sampled = isSampled(said, settings, random) ? 1 : 0;
        return new SpanContext(random.nextLong(), id(random), id(random), 0, RANDOM_ID | sampled);
    }

    private static boolean isSampled(Sampled said, TraceSettings settings, RandomGenerator random) {
        return switch (said) {
            case YES -> true;
            case NO -> false;
            case DEFERRED -> random.nextDouble() < settings.ratio();
        };
    }

    /** Zero is no id. */
    private static long id(RandomGenerator random) {
        var id = random.nextLong();
        return id == 0 ? 1 : id;
    }
}
